/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits of page-table entries, 2-level and PAE. Asm-safe.
 * Rules: SDM 3A 4.3 "32-Bit Paging", 4.4 "PAE Paging".
 */
#pragma once

#define PTE_P	0x001 /* present */
#define PTE_RW	0x002 /* writable */
#define PTE_US	0x004 /* reachable from ring 3 */
#define PTE_PWT 0x008 /* write-through */
#define PTE_PCD 0x010 /* uncached */
#define PTE_A	0x020 /* accessed */
#define PTE_D	0x040 /* dirty (leaves) */
#define PTE_PS	0x080 /* large page (directory entries) */
#define PTE_G	0x100 /* survives CR3 loads, with CR4.PGE */

#define PAE_ENTRIES	512
#define PAE_PDPTES	4
#define PAE_PD_SHIFT	21 /* address bits under one directory entry */
#define PAE_PDPT_SHIFT	30
#define LARGE_PAGE_SIZE 0x200000u

#ifndef __ASSEMBLY__
#define PTE_NX	  (1ull << 63)
#define PTE_FRAME 0x000ffffffffff000ull
#endif
