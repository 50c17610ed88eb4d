/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory may lie above 4 GiB, and then is reached by paging alone. Two tables
 * of our own serve for that: the first 4 MiB one to one, which is where the
 * image is, and a window, uncached, of one large page.
 *
 * Rules: SDM 3A 4.4 "PAE Paging", 11.3.1 "Buffering of Write Combining Memory
 * Locations" and following, 11.5 "Cache Control".
 *
 * Next: mm/hvmap.c, the tables for good.
 */
#include "mm/memprobe.h"

#include "arch/x86/cpu.h"
#include "arch/x86/pte.h"
#include "mm/memtest.h"
#include "mm/pte_set.h"

#define IMAGE_PAGES 2 /* linker.ld: the image ends below 4 MiB */
#define WINDOW	    (PAE_ENTRIES - 1)
#define PDE_LARGE   (PTE_P | PTE_RW | PTE_A | PTE_D | PTE_PS)

static u64 pdpt[PAE_PDPTES] __aligned(32);
static u64 pd[PAE_ENTRIES] __aligned(4096);

void memprobe_init(void)
{
	for (u32 i = 0; i < IMAGE_PAGES; i++) {
		pd[i] = i * LARGE_PAGE_SIZE | PDE_LARGE;
	}
	pdpt[0] = (u32)(uintptr_t)pd | PTE_P;
	wbinvd();
}

bool memprobe_works(u64 addr)
{
	const u32 offset = (u32)addr & (LARGE_PAGE_SIZE - 1);
	bool works;

	pte_set(&pd[WINDOW], (addr - offset) | PDE_LARGE | PTE_PCD | PTE_PWT);
	write_cr3((u32)(uintptr_t)pdpt);
	write_cr0(read_cr0() | CR0_PG);
	works = memtest_word(
		(volatile u32 *)(WINDOW * LARGE_PAGE_SIZE + offset));
	write_cr0(read_cr0() & ~CR0_PG);
	pte_set(&pd[WINDOW], 0);
	return works;
}
