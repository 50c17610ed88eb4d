/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables in memory, in both formats, chosen at run time:
 *
 *	2-level		root: 1024 x 4 bytes -> table: 1024 x 4 bytes
 *	PAE		root: 4 x 8 bytes -> directory: 512 -> table: 512
 *
 * Tables are named by physical address and lie in memory that is mapped as
 * sdk_pa() says. Whoever changes an entry tells the hypervisor or the
 * processor by himself. Entries, levels: Intel SDM 3A 4.3, 4.4.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/lib/hcall.h"

#define PTE_P	0x001u
#define PTE_RW	0x002u
#define PTE_US	0x004u
#define PTE_PCD 0x010u
#define PTE_A	0x020u
#define PTE_D	0x040u
#define PTE_NX	(1ull << 63)

/* Of an entry that names a table; a PAE root's have PTE_P alone. */
#define PTE_TABLE (PTE_P | PTE_RW | PTE_US | PTE_A | PTE_D)

#define PAGING_OFFSET_MASK 0xfffu

/* Set before the first table is made. */
extern bool paging_is_pae;

/* --- ready-made tables (paging.c) ----------------------------------------- */

/*
 * Load tables in which all RAM is mapped one to one, as it was. Devices that
 * are opened from now on are mapped by themselves; open none before. False:
 * no memory.
 */
bool paging_start(void);
/*
 * The entry for @va becomes @pte: pa, PTE_P and the like, or 0. The hypervisor
 * is told. False: no memory for the tables above it.
 */
bool paging_map(uint32_t va, uint64_t pte);

/* --- entries -------------------------------------------------------------- */

static inline void *paging_at(uint32_t pa)
{
	return (void *)(pa + (uintptr_t)sdk_image_offset);
}

static inline uint64_t paging_read(const void *entry)
{
	return paging_is_pae ? *(const uint64_t *)entry
			     : *(const uint32_t *)entry;
}

/*
 * A PAE entry is written in halves, and must be absent in between: the
 * processor may look at any time.
 */
static inline void paging_write(void *entry, uint64_t value)
{
	volatile uint32_t *half = entry;
	uint32_t high = (uint32_t)(value >> 32);

	if (paging_is_pae && half[1] != high) {
		half[0] = 0;
		half[1] = high;
	}
	half[0] = (uint32_t)value;
}

/* The table that @entry names; 0: none. Frames lie below 4 GiB. */
static inline uint32_t paging_table(const void *entry)
{
	uint32_t low = *(const uint32_t *)entry;

	return low & PTE_P ? low & ~PAGING_OFFSET_MASK : 0;
}

/* Index of the lowest directory's entry for @va. */
static inline uint32_t paging_directory_index(uint32_t va)
{
	return paging_is_pae ? va >> 21 & 0x1ff : va >> 22;
}

/* The root's entry for @va; of a 2-level root that is the next one too. */
static inline void *paging_root_entry(uint32_t root, uint32_t va)
{
	return paging_is_pae
		       ? (void *)((uint64_t *)paging_at(root) + (va >> 30))
		       : (uint32_t *)paging_at(root) + (va >> 22);
}

/* The lowest directory's entry for @va; NULL: a PAE root has none there. */
static inline void *paging_directory_entry(uint32_t root, uint32_t va)
{
	void *entry = paging_root_entry(root, va);
	uint32_t directory;

	if (!paging_is_pae) {
		return entry;
	}
	directory = paging_table(entry);
	return directory ? (uint64_t *)paging_at(directory) +
				   paging_directory_index(va)
			 : NULL;
}

/* The entry for @va in the lowest table @table. */
static inline void *paging_entry_in(uint32_t table, uint32_t va)
{
	return paging_is_pae
		       ? (void *)((uint64_t *)paging_at(table) +
				  (va >> 12 & 0x1ff))
		       : (uint32_t *)paging_at(table) + (va >> 12 & 0x3ff);
}

/* The entry for @va; NULL: there is no table. */
static inline void *paging_entry(uint32_t root, uint32_t va)
{
	const void *entry = paging_directory_entry(root, va);
	uint32_t table = entry ? paging_table(entry) : 0;

	return table ? paging_entry_in(table, va) : NULL;
}

/* One lowest table maps 2 to the power of this, in bytes. */
static inline uint32_t paging_table_shift(void)
{
	return paging_is_pae ? 21 : 22;
}
