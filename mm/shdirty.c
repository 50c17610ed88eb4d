/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who wrote: dirty tracking of guest tables by the processor's dirty bit.
 *
 * I1  gframe.wcount is the number of writable leaves of that guest frame,
 *     and one more for a frame that is shared.
 * I2  A table whose frame was written after the last shdirty_watch() is
 *     shdirty_is_written(). A frame is written through a writable leaf, whose
 *     dirty bit the processor sets, or by Umbra, which tells, or it is shared
 *     (sh_share()) and counts as written always.
 *
 * TRICK: writable leaves are made with D set, so a fresh one counts as
 * written, and the processor spends no write on it unless somebody watches.
 *
 * Next: mm/shtable.c.
 */
#include "mm/shdirty.h"

#include "hv/lib/panic.h"

static const spte_t always_written = { PTE_D };
static const spte_t never_written;

/* What tells about writes to a frame from now on. */
static const spte_t *write_source(const struct sh_gframe *g)
{
	if (g->wcount == 0) {
		return &never_written;
	}
	return g->wcount == 1 && g->writer ? g->writer : &always_written;
}

void shdirty_writers_changed(struct sh_gframe *g, bool was_written)
{
	for (struct sh_table *t = g->table; t; t = t->other) {
		if (was_written) {
			t->dirty = &always_written;
		} else if (t->dirty != &always_written) {
			t->dirty = write_source(g);
		}
	}
}

void sh_note_write(struct shadow *s, gfn_t f)
{
	shdirty_writers_changed(sh_gframe(s, f), true);
}

/* A writer without a leaf: the frame never has a single one to watch. */
void sh_share(struct shadow *s, gfn_t f)
{
	struct sh_gframe *g = sh_gframe(s, f);

	BUG_ON(s->shared_count == SH_SHARED_MAX);
	s->shared[s->shared_count++] = g;
	g->wcount++;
	shdirty_writers_changed(g, true);
}

void shdirty_unshare(struct shadow *s)
{
	while (s->shared_count > 0) {
		s->shared[--s->shared_count]->wcount--;
	}
}

void shdirty_watch(struct shadow *s, struct sh_table *t)
{
	struct sh_gframe *g = sh_gframe(s, t->gfn);

	/*
	 * The bit that is cleared below may be what tells the other level
	 * that it has to be compared.
	 */
	for (struct sh_table *o = g->table; o; o = o->other) {
		if (o != t && shdirty_is_written(o)) {
			o->dirty = &always_written;
		}
	}
	t->dirty = write_source(g);
	if (g->writer == t->dirty) {
		/* Entering the guest loads CR3, which drops the TLB's copy. */
		g->writer->raw &= ~(u64)PTE_D;
	}
}
