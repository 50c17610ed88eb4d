/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guest tables that are shadowed, and the entries of their pages.
 */
#pragma once

#include "arch/x86/bits.h"
#include "mm/shdirty.h"

/*
 * Which page of a table is behind entry @i of a shadow directory: 2-level
 * tables span two entries.
 */
static inline u32 shtable_part(const struct table_format *f, u32 i)
{
	return i & ((1u << f->index_bits) / PAE_ENTRIES - 1);
}

static inline bool sh_is_ram(const struct shadow *s, gfn_t f)
{
	return gfn_raw(f) < s->ctx->p2m->ram_frames;
}

/*
 * The table for guest frame @f, which is RAM, at @level, with one reference
 * for the caller; made if need be; NULL: no memory.
 */
struct sh_table *shtable_get(struct shadow *s, gfn_t f, enum sh_level level);

/* The same, if it exists, without a reference. */
static inline struct sh_table *shtable_find(const struct shadow *s, gfn_t f,
					    enum sh_level level)
{
	struct sh_table *t = sh_gframe(s, f)->table;

	while (t && t->level != level) {
		t = t->other;
	}
	return t;
}

/* Page @part of @t; made if need be; NULL: no memory. */
struct sh_page *shtable_page(struct shadow *s, struct sh_table *t, u32 part);

/* One user less; the last one frees the table and what it refers to. */
void shtable_put(struct shadow *s, struct sh_table *t);

/*
 * Make leaf @i of @p agree with guest entry @gpte: filled if it is present,
 * legal and accessed, else absent. Returns whether it is filled.
 */
bool shtable_set_leaf(struct shadow *s, struct sh_page *p, u32 i, gpte_t gpte);

/* The same for a @gpte that gwalk() has just found legal and accessed. */
void shtable_fill_leaf(struct shadow *s, struct sh_page *p, u32 i, gpte_t gpte);

/*
 * Directory entry @i of @p, absent so far: refer to part @part of table @t.
 * The caller's reference goes over to the entry.
 */
void shtable_link(struct shadow *s, struct sh_page *p, u32 i, gpte_t gpde,
		  struct sh_table *t, u32 part);
void shtable_unlink(struct shadow *s, struct sh_page *p, u32 i);

/* For each bit i that is set in @bits, lowest first. */
#define for_each_bit(bits, i)                                        \
	for (u32 b_ = (bits); b_ != 0 && (i = lowest_bit(b_), true); \
	     b_ &= b_ - 1)

/* For each group of 32 entries, from @first on, with filled ones in page p. */
#define for_each_filled_group(p, first) \
	for (u32 s_ = (p)->summary;     \
	     s_ != 0 && (first = lowest_bit(s_) * 32, true); s_ &= s_ - 1)

/* For each filled entry @first + i of page p, lowest first; the body may
 * clear it. */
#define for_each_filled(p, first, i) \
	for_each_filled_group(p, first) for_each_bit((p)->filled[first / 32], i)
