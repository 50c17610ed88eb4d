// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Before there are page tables: what did the loader say, the kernel's half of
 * the address space, and the step onto it.
 *
 * This file alone is linked at physical addresses (gnomon.ld): it may not
 * call or read anything of the rest of the kernel, nor library functions.
 * Next: main.c.
 */
#include "guest/gnomon/early.h"

#include "guest/gnomon/frame.h"
#include "guest/lib/hcall.h"
#include "guest/lib/paging.h"
#include "hv/abi/boot.h"

/* gnomon.ld: virtual addresses. */
extern const char image_end[], readonly_start[], readonly_end[];

static struct early early;
static uint32_t next; /* pa of the next free page */

static uint32_t *at(uint32_t pa)
{
	return (uint32_t *)pa;
}

/* --- what the loader said ------------------------------------------------- */

#define MB_LOADER_MAGIC 0x2badb002 /* in EAX */
#define MB_HAS_CMDLINE	0x4
#define MB_HAS_MODULES	0x8

/* Multiboot 0.6.96, 3.3 "Boot information format": offsets. */
#define MB_FLAGS	0
#define MB_MEM_UPPER	8 /* KiB */
#define MB_CMDLINE	16
#define MB_MODULE_COUNT 20
#define MB_MODULES	24 /* pa of { start, end, ... } */

static void copy_cmdline(uint32_t from)
{
	const char *text = (const char *)from;
	uint32_t i;

	for (i = 0; from && text[i] && i < CMDLINE_MAX - 1; i++) {
		early.cmdline[i] = text[i];
	}
}

static void read_multiboot(uint32_t mb)
{
	uint32_t flags = *at(mb + MB_FLAGS);
	const uint32_t *module = at(*at(mb + MB_MODULES));

	early.ram_end = (1u << 20) + (*at(mb + MB_MEM_UPPER) << 10);
	if (flags & MB_HAS_MODULES && *at(mb + MB_MODULE_COUNT)) {
		early.initrd = module[0];
		early.initrd_size = module[1] - module[0];
	}
	if (flags & MB_HAS_CMDLINE) {
		copy_cmdline(*at(mb + MB_CMDLINE));
	}
}

static void read_params(uint32_t params)
{
	early.ram_end = *at(params + BP_E820_MAP + 8);
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

/* Loaders leave it anywhere above the image, even above what gets mapped. */
static void lower_initrd(void)
{
	uint32_t from = early.initrd, to = next;
	uint32_t words = (early.initrd_size + 3) / 4;

	if (from + early.initrd_size > DIRECT_SIZE) {
		__asm__ volatile("rep movsl"
				 : "+S"(from), "+D"(to), "+c"(words)
				 :
				 : "memory");
		early.initrd = next;
	}
}

/* --- page tables ---------------------------------------------------------- */

#define TABLE_SIZE 0x200000u /* what a table maps at least */

/* Zeroed pages, beside the initrd. */
static uint32_t take(uint32_t bytes)
{
	uint32_t initrd_end = page_up(early.initrd + early.initrd_size);
	uint32_t pa = next;

	if (pa < initrd_end && early.initrd < page_up(pa + bytes)) {
		pa = next = initrd_end;
	}
	for (; next < page_up(pa + bytes); next += sizeof(uint32_t)) {
		*at(next) = 0;
	}
	return pa;
}

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

/* The kernel's code and constants cannot be written, by itself neither. */
static void map_ram(void)
{
	uint32_t start = (uint32_t)readonly_start - KERNEL_BASE;
	uint32_t end = (uint32_t)readonly_end - KERNEL_BASE;
	uint32_t pa, flags, *entry = NULL;

	for (pa = 0; pa < early.ram_end; pa += PAGE_SIZE) {
		if (!(pa & (TABLE_SIZE - 1))) {
			entry = entry_of(KERNEL_BASE + pa);
		}
		flags = pa >= start && pa < end ? 0 : PTE_RW;
		*entry = pa | flags | PTE_P | PTE_A | PTE_D;
		entry += early.is_pae ? 2 : 1;
	}
}

static void make_tables(void)
{
	uint32_t va;

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

#define CPUID_PAE      (1u << 6) /* leaf 1, EDX */
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

/* Page tables and FPU as the kernel and programs expect them. */
static void start_native(uint32_t features)
{
	uint32_t cr4 = (early.is_pae ? CR4_PAE : 0) |
		       (features & CPUID_FXSR ? CR4_OSFXSR : 0) |
		       (features & CPUID_SSE ? CR4_OSXMMEXCPT : 0);
	uint64_t efer;

	if (early.is_pae && cpuid(CPUID_EXTENDED, &features) > CPUID_EXTENDED) {
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
		read_multiboot(multiboot);
		cpuid(1, &features);
	}
	early.is_pae = features & CPUID_PAE && !is_on_cmdline("paging=2level");
	next = (uint32_t)image_end - KERNEL_BASE;
	lower_initrd();
	if (early.ram_end > DIRECT_SIZE) {
		early.ram_end = DIRECT_SIZE;
	}
	make_tables();
	early.frames =
		take((early.ram_end >> PAGE_SHIFT) * sizeof(struct frame));
	early.free = next;
	if (early.is_pv) {
		start_pv();
	} else {
		start_native(features);
	}
	return &early;
}
