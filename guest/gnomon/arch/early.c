// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Before there are page tables: what did the loader say, the kernel's half of
 * the address space, and the step onto it.
 *
 * This file alone is linked at physical addresses (gnomon.ld): it may not
 * call or read anything of the rest of the kernel, nor library functions.
 * Next: main.c.
 */
#include "guest/gnomon/arch/early.h"

#include "guest/gnomon/arch/layout.h"
#include "guest/lib/paging.h"
#include "guest/lib/port.h"
#include "hv/abi/boot.h"

/* gnomon.ld: virtual addresses. */
extern const char image_end[], readonly_start[], readonly_end[];

static struct early early;
static uint32_t next; /* pa of the next free page */

static uint32_t *at(uint32_t pa)
{
	return (uint32_t *)pa;
}

/* --- what ends it here ---------------------------------------------------- */

#define COM1	   0x3f8
#define COM1_LSR   (COM1 + 5)
#define LSR_ROOM   0x20
#define ROOM_TRIES 100000u

/* What nobody else can say yet, to a port as the loader left it. */
static __attribute__((noreturn)) void fail(const char *text)
{
	uint32_t tries = ROOM_TRIES;

	for (; *text; text++) {
		while (!(in8(COM1_LSR) & LSR_ROOM) && --tries) {
		}
		out8(COM1, (uint8_t)*text);
	}
	for (;;) {
		__asm__ volatile("cli\n\thlt");
	}
}

/* --- what the loader said ------------------------------------------------- */

#define MB_LOADER_MAGIC 0x2badb002 /* in EAX */
#define MB_HAS_MEMORY	0x1
#define MB_HAS_CMDLINE	0x4
#define MB_HAS_MODULES	0x8
#define MB_HAS_MAP	0x40

/* Multiboot 0.6.96, 3.3 "Boot information format". */
struct multiboot {
	uint32_t flags, mem_lower, mem_upper /* KiB */, boot_device, cmdline;
	uint32_t module_count, modules, symbols[4], map_size, map;
};

struct range {
	uint32_t size; /* of what follows: at least as much as here */
	uint64_t start, length;
	uint32_t type;
} __attribute__((packed));
#define RANGE_RAM 1

/* Where the loader left its map; for one that tells a number, here. */
static uint32_t map, map_end;
static struct range whole = { .start = 1u << 20, .type = RANGE_RAM };

/* The first of the map, or the one after @r; NULL: there is none. */
static const struct range *next_range(const struct range *r)
{
	uint32_t at = r ? (uint32_t)r + sizeof(r->size) + (r->size & 0xff) :
			  map;

	return at + sizeof(*r) <= map_end ? (const struct range *)at : NULL;
}

/* The page after @pa in which @edge lies, if that is below @end; else @end. */
static uint32_t cut(uint32_t end, uint32_t pa, uint64_t edge)
{
	if (edge <= pa || edge >= end) {
		return end;
	}
	return edge - pa < PAGE_SIZE ? pa + PAGE_SIZE :
				       page_down((uint32_t)edge);
}

/* A whole page of RAM, nothing of which is said to be something else. */
static bool is_ram(uint32_t pa)
{
	/* The last answer is that for all pages up to the next edge. */
	static uint32_t start, end;
	static bool is_found, is_other;
	const struct range *r;
	uint64_t into;

	if (pa >= start && pa < end) {
		return is_found && !is_other;
	}
	start = pa;
	end = DIRECT_SIZE;
	is_found = is_other = false;
	for (r = next_range(NULL); r; r = next_range(r)) {
		into = pa - r->start;
		end = cut(cut(end, pa, r->start), pa, r->start + r->length);
		if (r->type == RANGE_RAM) {
			is_found |= into < r->length &&
				    r->length - into >= PAGE_SIZE;
		} else {
			is_other |= into < r->length ||
				    (r->length && -into < PAGE_SIZE);
		}
	}
	is_found &= pa < DIRECT_SIZE;
	return is_found && !is_other;
}

/* Behind the last page of RAM that can be mapped. */
static uint32_t find_ram_end(void)
{
	const struct range *r;
	uint32_t end = 0;
	uint64_t last;

	for (r = next_range(NULL); r; r = next_range(r)) {
		last = r->start + r->length;
		last = last < DIRECT_SIZE ? page_down((uint32_t)last) :
					    DIRECT_SIZE;
		end = r->type == RANGE_RAM && last > end ? (uint32_t)last : end;
	}
	while (end && !is_ram(end - PAGE_SIZE)) {
		end -= PAGE_SIZE;
	}
	return end;
}

static void copy_cmdline(uint32_t from)
{
	const char *text = (const char *)from;
	uint32_t i;

	for (i = 0; text[i] && i < CMDLINE_MAX - 1; i++) {
		early.cmdline[i] = text[i];
	}
}

static void read_multiboot(const struct multiboot *mb)
{
	const uint32_t *module = at(mb->modules);

	map = (uint32_t)&whole;
	map_end = (uint32_t)(&whole + 1);
	if (mb->flags & MB_HAS_MAP) {
		map = mb->map;
		map_end = mb->map + mb->map_size;
	} else if (mb->flags & MB_HAS_MEMORY) {
		whole.length = (uint64_t)mb->mem_upper << 10;
	} else {
		fail("gnomon: the loader does not tell of any memory\r\n");
	}
	if (mb->flags & MB_HAS_MODULES && mb->module_count &&
	    module[1] > module[0]) {
		early.initrd = module[0];
		early.initrd_size = module[1] - module[0];
	}
	if (mb->flags & MB_HAS_CMDLINE) {
		copy_cmdline(mb->cmdline);
	}
}

static void read_params(uint32_t params)
{
	/* Of the same form, but without the size in front. */
	map = params + BP_E820_MAP - sizeof(whole.size);
	map_end = map + sizeof(struct range);
	early.initrd = *at(params + BP_RAMDISK_IMAGE);
	early.initrd_size = *at(params + BP_RAMDISK_SIZE);
	copy_cmdline(*at(params + BP_CMD_LINE_PTR));
}

static bool is_on_cmdline(const char *word)
{
	const char *text;
	uint32_t n;

	for (text = early.cmdline; *text; text++) {
		for (n = 0; word[n] && text[n] == word[n]; n++) {
		}
		if (!word[n]) {
			return true;
		}
	}
	return false;
}

/* --- memory --------------------------------------------------------------- */

static bool touches(uint32_t pa, uint32_t start, uint32_t end)
{
	return pa < end && start < pa + PAGE_SIZE;
}

/* Zeroed pages of RAM, beside the initrd and the loader's map. */
static uint32_t take(uint32_t bytes)
{
	uint32_t pa = next, to;

	for (; next < pa + bytes; next += PAGE_SIZE) {
		if (next >= early.ram_end) {
			fail("gnomon: there is too little memory\r\n");
		}
		if (!is_ram(next) || touches(next, map, map_end) ||
		    touches(next, early.initrd,
			    early.initrd + early.initrd_size)) {
			pa = next + PAGE_SIZE;
		}
	}
	for (to = pa; to < next; to += sizeof(uint32_t)) {
		*at(to) = 0;
	}
	return pa;
}

/* Loaders leave it anywhere above the image, even above what gets mapped. */
static void lower_initrd(void)
{
	uint32_t from = early.initrd, end = from + early.initrd_size;
	uint32_t pa = page_down(from), words = (early.initrd_size + 3) / 4;

	while (pa < end && is_ram(pa)) {
		pa += PAGE_SIZE;
	}
	if (pa < end) {
		early.initrd = pa = take(early.initrd_size);
		__asm__ volatile("rep movsl"
				 : "+S"(from), "+D"(pa), "+c"(words)
				 :
				 : "memory");
	}
}

/* --- page tables ---------------------------------------------------------- */

#define TABLE_SIZE 0x200000u /* what a table maps at least */

/* Entry @index of @table, which names a table below it, made if absent. */
static uint32_t table_below(uint32_t table, uint32_t index, uint32_t flags)
{
	uint32_t *entry = at(table) + (early.is_pae ? 2 * index : index);

	if (!(*entry & PTE_P)) {
		*entry = take(PAGE_SIZE) | flags;
	}
	return *entry & ~(uint32_t)PAGE_MASK;
}

/* The entry for @va, all levels above it made. */
static uint32_t *entry_of(uint32_t va)
{
	uint32_t table;

	if (!early.is_pae) {
		table = table_below(early.root, va >> 22, PTE_TABLE);
		return at(table) + (va >> PAGE_SHIFT & 0x3ff);
	}
	table = table_below(early.root, va >> 30, PTE_P);
	table = table_below(table, va >> 21 & 0x1ff, PTE_TABLE);
	return at(table) + 2 * (va >> PAGE_SHIFT & 0x1ff);
}

/*
 * The kernel's code and constants cannot be written, by itself neither. What
 * is no RAM is never mapped, and never free.
 */
static void map_ram(void)
{
	struct frame *frame = (struct frame *)early.frames;
	uint32_t start = (uint32_t)readonly_start - KERNEL_BASE;
	uint32_t end = (uint32_t)readonly_end - KERNEL_BASE;
	uint32_t pa, flags, *entry = NULL;

	for (pa = 0; pa < early.ram_end; pa += PAGE_SIZE) {
		if (!(pa & (TABLE_SIZE - 1))) {
			entry = entry_of(KERNEL_BASE + pa);
		}
		flags = pa >= start && pa < end ? 0 : PTE_RW;
		if (is_ram(pa) || pa < (uint32_t)image_end - KERNEL_BASE) {
			*entry = pa | flags | PTE_P | PTE_A | PTE_D;
		} else {
			frame[pa >> PAGE_SHIFT].refs = 1;
		}
		entry += early.is_pae ? 2 : 1;
	}
}

static void make_tables(void)
{
	uint32_t va;

	early.frames =
		take((early.ram_end >> PAGE_SHIFT) * sizeof(struct frame));
	early.root = take(PAGE_SIZE);
	map_ram();
	/* Tables exist from the start: every space can share them. */
	for (va = HEAP_START; va < MMIO_START + MMIO_SIZE; va += TABLE_SIZE) {
		entry_of(va);
	}
	/* The next instruction has the same address still: RAM twice. */
	*at(early.root) = at(early.root)[early.is_pae ? 2 * 2 : 512];
}

/* --- the processor -------------------------------------------------------- */

#define EFLAGS_ID      (1u << 21)
#define CPUID_TSC      (1u << 4) /* leaf 1, EDX */
#define CPUID_PAE      (1u << 6)
#define CPUID_CMOV     (1u << 15)
#define CPUID_FXSR     (1u << 24)
#define CPUID_SSE      (1u << 25)
#define CPUID_EXTENDED 0x80000000u
#define CPUID_NX       (1u << 20)  /* leaf CPUID_EXTENDED + 1, EDX */
#define CR0_NATIVE     0x80010033u /* PG WP NE ET MP PE */
#define CR4_PAE	       0x20u
#define CR4_OSFXSR     0x200u
#define CR4_OSXMMEXCPT 0x400u
#define MSR_EFER       0xc0000080u
#define EFER_NXE       0x800u

/* Returns EAX. */
static uint32_t cpuid(uint32_t leaf, uint32_t *edx)
{
	uint32_t ebx, ecx;

	__asm__ volatile("cpuid"
			 : "+a"(leaf), "=b"(ebx), "=c"(ecx), "=d"(*edx));
	return leaf;
}

/* What the processor can do, if that is enough. */
static uint32_t native_features(void)
{
	uint32_t before, after, features = 0;

	/* The flag can be changed only where CPUID exists: SDM 1 3.4.3.3. */
	__asm__ volatile("pushf\n\tpop %0\n\tmov %0, %1\n\txor %2, %1\n\t"
			 "push %1\n\tpopf\n\tpushf\n\tpop %1"
			 : "=&r"(before), "=&r"(after)
			 : "i"(EFLAGS_ID));
	if ((before ^ after) & EFLAGS_ID) {
		cpuid(1, &features);
	}
	if (~features & (CPUID_TSC | CPUID_CMOV | CPUID_FXSR)) {
		fail("gnomon: the processor lacks TSC, CMOV or FXSR\r\n");
	}
	return features;
}

/* Page tables and FPU as the kernel and programs expect them. */
static void start_native(uint32_t features)
{
	uint32_t cr4 = (early.is_pae ? CR4_PAE : 0) | CR4_OSFXSR |
		       (features & CPUID_SSE ? CR4_OSXMMEXCPT : 0);
	uint64_t efer;

	/* Old processors answer unknown leaves with anything. */
	if (early.is_pae &&
	    cpuid(CPUID_EXTENDED, &features) >> 16 == CPUID_EXTENDED >> 16) {
		cpuid(CPUID_EXTENDED + 1, &features);
		early.has_nx = features & CPUID_NX;
	}
	if (early.has_nx) {
		__asm__ volatile("rdmsr" : "=A"(efer) : "c"(MSR_EFER));
		efer |= EFER_NXE;
		__asm__ volatile("wrmsr" : : "A"(efer), "c"(MSR_EFER));
	}
	__asm__ volatile("mov %0, %%cr4\n\t"
			 "mov %1, %%cr3\n\t"
			 "mov %2, %%cr0\n\t"
			 "fninit"
			 :
			 : "r"(cr4), "r"(early.root), "r"(CR0_NATIVE)
			 : "memory");
}

static void start_pv(void)
{
	hcall(HC_LGUEST_INIT, sdk_pa(&lguest_data), 0, 0, 0);
	hcall(HC_NEW_PGTABLE, early.root, 0, 0, 0);
}

struct early *early_start(uint32_t magic, uint32_t multiboot, uint32_t params)
{
	uint32_t features = CPUID_PAE;

	early.is_pv = magic != MB_LOADER_MAGIC;
	if (early.is_pv) {
		read_params(params);
	} else {
		read_multiboot((const struct multiboot *)multiboot);
		features = native_features();
	}
	early.is_pae = features & CPUID_PAE && !is_on_cmdline("paging=2level");
	next = (uint32_t)image_end - KERNEL_BASE;
	early.ram_end = find_ram_end();
	lower_initrd();
	make_tables();
	early.free = next;
	if (early.is_pv) {
		start_pv();
	} else {
		start_native(features);
	}
	return &early;
}
