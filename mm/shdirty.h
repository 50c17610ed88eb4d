/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dirty tracking: which guest tables were written since they were last
 * compared with their shadow.
 */
#pragma once

#include "mm/shpool.h"

/* What is known of guest frame @f, which is RAM. */
static inline struct sh_gframe *sh_gframe(const struct shadow *s, gfn_t f)
{
	u32 n = gfn_raw(f);

	return &s->gframe[n >> SH_GFRAME_CHUNK_SHIFT]
			 [n & ((1u << SH_GFRAME_CHUNK_SHIFT) - 1)];
}

/* Has the frame of @t been written since shdirty_watch()? */
static inline bool shdirty_is_written(const struct sh_table *t)
{
	return LO32(t->dirty->raw) & PTE_D;
}

/* Treat @t as not written, and watch for the next write. */
void shdirty_watch(struct shadow *s, struct sh_table *t);

/*
 * The set of writable leaves of frame @g changed, or that of tables made from
 * it; the frame may have been written if @was_written.
 */
void shdirty_writers_changed(struct sh_gframe *g, bool was_written);

/* Frame @g got another writable leaf, @leaf. */
static inline void shdirty_add_writer(struct sh_gframe *g, spte_t *leaf)
{
	if (g->wcount++ == 0) {
		g->writer = leaf;
	}
	if (g->table) {
		shdirty_writers_changed(g, true);
	}
}

/* Writable leaf @leaf of frame @g is to go; dirty, if the guest used it. */
static inline void shdirty_remove_writer(struct sh_gframe *g,
					 const spte_t *leaf, bool is_dirty)
{
	g->wcount--;
	if (g->writer == leaf) {
		g->writer = NULL;
	}
	if (g->table) {
		shdirty_writers_changed(g, is_dirty);
	}
}

/* Undo every sh_share(). No tables exist. */
void shdirty_unshare(struct shadow *s);
