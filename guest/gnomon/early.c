// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Before there are page tables: what did the loader say, and the kernel's
 * half of the address space.
 *
 * This file alone is linked at physical addresses (gnomon.ld): it may not
 * call or read anything of the rest of the kernel, nor library functions.
 * Next: main.c.
 */
#include "guest/gnomon/early.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/layout.h"
#include "guest/gnomon/mmu.h"
#include "guest/gnomon/multiboot.h"
#include "hv/abi/boot.h"

#define PAGE_FLAGS (PTE_P | PTE_RW | PTE_A | PTE_D)

#define CPUID_PAE (1u << 6) /* leaf 1, EDX */

/* gnomon.ld: virtual addresses. */
extern const char image_end[], readonly_start[], readonly_end[];

static struct early early;
static uint32_t next; /* pa of the next free page */

static uint32_t *at(uint32_t pa)
{
	return (uint32_t *)pa;
}

/* Zeroed pages that lie on nothing. */
static uint32_t take(uint32_t bytes)
{
	uint32_t end = early.initrd + early.initrd_size;
	uint32_t pa, i;

	bytes = page_up(bytes);
	if (next < end && next + bytes > early.initrd) {
		next = page_up(end);
	}
	pa = next;
	next += bytes;
	for (i = 0; i < bytes / 4; i++) {
		at(pa)[i] = 0;
	}
	return pa;
}

/* --- page tables ---------------------------------------------------------- */

/* The table that entry @index of @table names, made if absent. */
static uint32_t table_below(uint32_t table, uint32_t index, uint32_t flags)
{
	uint32_t *entry = at(table) + (early.is_pae ? 2 * index : index);

	if (!(*entry & PTE_P)) {
		*entry = take(PAGE_SIZE) | flags;
	}
	return *entry & ~(uint32_t)PAGE_MASK;
}

/* The lowest table for @va, all levels above it made. */
static uint32_t table_of(uint32_t va)
{
	uint32_t directory;

	if (!early.is_pae) {
		return table_below(early.root, va >> 22, PTE_TABLE);
	}
	directory = table_below(early.root, va >> 30, PTE_P);
	return table_below(directory, va >> 21 & 0x1ff, PTE_TABLE);
}

/* The kernel's code and constants cannot be written, by itself neither. */
static uint32_t flags_of(uint32_t va)
{
	bool is_readonly =
		va >= (uint32_t)readonly_start && va < (uint32_t)readonly_end;

	return is_readonly ? PAGE_FLAGS & ~PTE_RW : PAGE_FLAGS;
}

static void map_ram(void)
{
	uint32_t entries = early.is_pae ? 512 : 1024;
	uint32_t pa, i, *table;

	for (pa = 0; pa < early.ram_end; pa += entries * PAGE_SIZE) {
		table = at(table_of(KERNEL_BASE + pa));
		for (i = 0; i < entries; i++) {
			uint32_t page = pa + i * PAGE_SIZE;

			*table = page | flags_of(KERNEL_BASE + page);
			table += early.is_pae ? 2 : 1;
		}
	}
}

/* All tables exist from the start, so that every space can share them. */
static void make_tables(uint32_t start, uint32_t size)
{
	uint32_t step = early.is_pae ? 1u << 21 : 1u << 22;
	uint32_t va;

	for (va = start; va < start + size; va += step) {
		table_of(va);
	}
}

/* start.S goes on at the same address first: the lowest table twice. */
static void map_start(void)
{
	uint32_t table = table_of(KERNEL_BASE);
	uint32_t directory = early.root;

	if (early.is_pae) {
		directory = table_below(early.root, 0, PTE_P);
	}
	at(directory)[0] = table | PTE_TABLE;
}

static struct early *build(void)
{
	next = (uint32_t)image_end - KERNEL_BASE;
	if (early.ram_end > DIRECT_SIZE) {
		early.ram_end = DIRECT_SIZE;
	}
	early.root = take(PAGE_SIZE);
	map_ram();
	make_tables(HEAP_START, HEAP_SIZE);
	make_tables(STACKS_START, STACKS_SIZE);
	make_tables(MMIO_START, MMIO_SIZE);
	map_start();
	early.frames = take((early.ram_end >> PAGE_SHIFT) * FRAME_RECORD);
	early.free = next;
	return &early;
}

/* --- what the loader said ------------------------------------------------- */

static void copy_cmdline(uint32_t from)
{
	const char *text = (const char *)from;
	uint32_t i;

	for (i = 0; from && text[i] && i < CMDLINE_MAX - 1; i++) {
		early.cmdline[i] = text[i];
	}
}

static bool begins(const char *text, const char *word)
{
	while (*word && *text == *word) {
		text++;
		word++;
	}
	return !*word && (!*text || *text == ' ');
}

static bool has_word(const char *word)
{
	const char *text = early.cmdline;

	for (; *text; text++) {
		if ((text == early.cmdline || text[-1] == ' ') &&
		    begins(text, word)) {
			return true;
		}
	}
	return false;
}

/* An initrd that lies above what gets mapped moves down to the image. */
static void lower_initrd(void)
{
	uint32_t *to = at(page_up((uint32_t)image_end - KERNEL_BASE));
	const uint32_t *from = at(early.initrd);
	uint32_t i;

	if (early.initrd + early.initrd_size <= DIRECT_SIZE) {
		return;
	}
	for (i = 0; i < (early.initrd_size + 3) / 4; i++) {
		to[i] = from[i];
	}
	early.initrd = (uint32_t)to;
}

struct early *early_pv(uint32_t info)
{
	early.is_pv = true;
	early.ram_end = *at(info + BP_E820_MAP + 8);
	early.initrd = *at(info + BP_RAMDISK_IMAGE);
	early.initrd_size = *at(info + BP_RAMDISK_SIZE);
	copy_cmdline(*at(info + BP_CMD_LINE_PTR));
	early.is_pae = !has_word("paging=2level");
	lower_initrd();
	return build();
}

static bool cpu_has_pae(void)
{
	uint32_t eax = 1, ebx, ecx, edx;

	__asm__("cpuid" : "+a"(eax), "=b"(ebx), "=c"(ecx), "=d"(edx));
	return edx & CPUID_PAE;
}

struct early *early_native(uint32_t info)
{
	const struct multiboot_info *mb = (const struct multiboot_info *)info;
	const struct multiboot_module *module =
		(const struct multiboot_module *)mb->modules;

	early.ram_end = (1u << 20) + (mb->mem_upper << 10);
	if ((mb->flags & MB_FLAG_MODULES) && mb->module_count) {
		early.initrd = module->start;
		early.initrd_size = module->end - module->start;
	}
	if (mb->flags & MB_FLAG_CMDLINE) {
		copy_cmdline(mb->cmdline);
	}
	early.is_pae = cpu_has_pae() && !has_word("paging=2level");
	lower_initrd();
	return build();
}
