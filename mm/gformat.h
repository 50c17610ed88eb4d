/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two formats of a guest's page tables.
 *
 *	2-level:  root (1024 x 4 bytes) --> table (1024 x 4) --> frame
 *	          gpde = root[va 31:22]     gpte = table[va 21:12]
 *
 *	PAE:      root (4 x 8) --> directory (512 x 8) --> table (512 x 8)
 *	          gpdpte = [va 31:30]  gpde = [va 29:21]  gpte = [va 20:12]
 *
 * Code that is called often takes its format as a constant, so that the
 * compiler makes one copy for each.
 */
#pragma once

#include "arch/x86/pte.h"
#include "mm/addr.h"

struct table_format {
	u32 levels;	/* 2: the root is the directory */
	u32 index_bits; /* of an address, for each level but PAE's root */
	u32 entry_size; /* bytes */

	/* Bits of a present entry that lguest ABI 6.1 wants to be 0. */
	u64 root_reserved, dir_reserved, leaf_reserved;
};

#define GPTE_RESERVED_DIR \
	~(PTE_FRAME | PTE_NX | PTE_P | PTE_RW | PTE_US | PTE_A | PTE_D)
#define GPTE_RESERVED_LEAF (~(PTE_FRAME | PTE_NX | PAGE_MASK) | PTE_PS)

static const struct table_format gformat_2level = {
	.levels = 2,
	.index_bits = 10,
	.entry_size = sizeof(u32),
	.dir_reserved = GPTE_RESERVED_DIR,
	.leaf_reserved = GPTE_RESERVED_LEAF,
};

static const struct table_format gformat_pae = {
	.levels = 3,
	.index_bits = 9,
	.entry_size = sizeof(u64),
	.root_reserved = ~(PTE_FRAME | PTE_P),
	.dir_reserved = GPTE_RESERVED_DIR,
	.leaf_reserved = GPTE_RESERVED_LEAF,
};

/* The entry for address @va in a table of @level: 1, 2, and PAE's root, 3. */
static inline u32 gformat_index(const struct table_format *f, u32 level, u32 va)
{
	u32 shift = PAGE_SHIFT + (level - 1) * f->index_bits;

	return va >> shift & ((1u << f->index_bits) - 1);
}

/* How many entries a root has. */
static inline u32 gformat_root_entries(const struct table_format *f)
{
	return 1u << (32 - PAGE_SHIFT - (f->levels - 1) * f->index_bits);
}

/* Entry @i of @table, read once. */
static inline gpte_t gformat_entry(const struct table_format *f,
				   const void *table, u32 i)
{
	return mk_gpte(f->entry_size == sizeof(u64)
			       ? ((const volatile u64 *)table)[i]
			       : ((const volatile u32 *)table)[i]);
}

/* Are the entries the same? Those of 2-level tables have a low half only. */
static inline bool gformat_same(const struct table_format *f, gpte_t a,
				gpte_t b)
{
	return f->entry_size == sizeof(u64) ? gpte_eq(a, b)
					    : LO32(a.raw) == LO32(b.raw);
}
