// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page tables for a guest that wants no more of them than to say what is
 * where: made of the C library's memory, never taken back.
 *
 * A kernel that manages memory has its own (gnomon/mm/mmu.c) instead of this
 * file, and then defines sdk_map_device() and paging_is_pae.
 */
#include "guest/lib/paging.h"

#include <malloc.h>
#include <string.h>

#include "guest/lib/newlib.h"
#include "guest/lib/virtio.h"

#define PAGE_SIZE 4096u
#define KERNEL	  (PTE_P | PTE_RW | PTE_A | PTE_D)

bool paging_is_pae;

static uint32_t root;  /* pa; 0: memory is one to one still */
static bool is_loaded; /* what changes must be told */

/* pa of an empty table; 0: no memory. */
static uint32_t new_table(void)
{
	void *table = memalign(PAGE_SIZE, PAGE_SIZE);

	return table ? sdk_pa(memset(table, 0, PAGE_SIZE)) : 0;
}

static void tell(uint32_t call, uint32_t table, uint32_t where, uint64_t pte)
{
	if (is_loaded) {
		hcall(call, table, where, (uint32_t)pte,
		      (uint32_t)(pte >> 32));
	}
}

/* @entry, of the root or a directory, is to name a table. */
static bool fill(void *entry, uint32_t flags)
{
	uint32_t page = sdk_pa(entry) & ~PAGING_OFFSET_MASK;
	uint32_t at = sdk_pa(entry) & PAGING_OFFSET_MASK;
	uint32_t table = paging_table(entry);

	if (table) {
		return true;
	}
	table = new_table();
	if (table) {
		paging_write(entry, table | flags);
		tell(page == root ? HC_SET_PGD : HC_SET_PMD, page,
		     at / (paging_is_pae ? 8 : 4), 0);
	}
	return table;
}

bool paging_map(uint32_t va, uint64_t pte)
{
	void *entry;

	if (paging_is_pae && !fill(paging_root_entry(root, va), PTE_P)) {
		return false;
	}
	if (!fill(paging_directory_entry(root, va), PTE_TABLE)) {
		return false;
	}
	entry = paging_entry(root, va);
	paging_write(entry, pte);
	tell(HC_SET_PTE, root, va, pte);
	return true;
}

static bool map_same(uint32_t start, uint32_t end, uint32_t flags)
{
	for (start &= ~PAGING_OFFSET_MASK; start < end; start += PAGE_SIZE) {
		if (!paging_map(start, start | flags)) {
			return false;
		}
	}
	return true;
}

bool paging_start(void)
{
	root = new_table();
	if (!root || !map_same(0, sdk_ram_end(), KERNEL)) {
		return false;
	}
	hcall(HC_NEW_PGTABLE, root, 0, 0, 0);
	is_loaded = true;
	return true;
}

/* At its own address: nothing else is there, since it is no RAM. */
volatile void *sdk_map_device(uint32_t pa, uint32_t size)
{
	if (root && !map_same(pa, pa + size, KERNEL | PTE_PCD)) {
		return NULL;
	}
	return (volatile void *)pa;
}
