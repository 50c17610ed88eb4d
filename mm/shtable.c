/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shadow entries, and the guest tables they come from.
 *
 * I1  from[i] is the guest entry that entry[i] was made from, 0 when absent;
 *     its bit in filled[] says the same, summary summarises filled[].
 * I2  A leaf maps a frame of this guest, with rights at most those of from[i],
 *     writable only where from[i] is dirty, G clear.
 * I3  gframe.wcount is the number of writable leaves of that guest frame,
 *     and one more for a frame that is shared.
 * I4  A table whose frame was written after the last shtable_watch() is
 *     shtable_is_written(). A frame is written through a writable leaf, whose
 *     dirty bit the processor sets, or by Umbra, which tells, or it is shared
 *     (sh_share()) and counts as written always.
 *
 * TRICK: writable leaves are made with D set, so a fresh one counts as
 * written, and the processor spends no write on it unless somebody watches.
 *
 * Next: mm/shroot.c, mm/shflush.c.
 */
#include "hv/lib/panic.h"
#include "mm/hvmap.h"
#include "mm/shadow_priv.h"

static const u64 always_written = PTE_D;
static const u64 never_written;

static struct sh_gframe *gframe_of(const struct shadow *s, u64 gpte)
{
	return sh_gframe(s, gpte_frame(gpte));
}

/* --- who wrote --- */

/* What tells about writes to a frame from now on. */
static const u64 *write_source(const struct sh_gframe *g)
{
	if (g->wcount == 0) {
		return &never_written;
	}
	return g->wcount == 1 && g->writer ? g->writer : &always_written;
}

/* The set of writable leaves of a table's frame changed. */
static void writers_changed(struct sh_gframe *g, bool was_written)
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
	writers_changed(sh_gframe(s, f), true);
}

/* A writer without a leaf: the frame never has a single one to watch. */
void sh_share(struct shadow *s, gfn_t f)
{
	struct sh_gframe *g = sh_gframe(s, f);

	BUG_ON(s->shared_count == SH_SHARED_MAX);
	s->shared[s->shared_count++] = g;
	g->wcount++;
	writers_changed(g, true);
}

void shtable_unshare(struct shadow *s)
{
	while (s->shared_count > 0) {
		s->shared[--s->shared_count]->wcount--;
	}
}

void shtable_watch(struct shadow *s, struct sh_table *t)
{
	struct sh_gframe *g = sh_gframe(s, t->gfn);

	/* The bit cleared below may be news to the other level as well. */
	for (struct sh_table *o = g->table; o; o = o->other) {
		if (o != t && shtable_is_written(o)) {
			o->dirty = &always_written;
		}
	}
	t->dirty = write_source(g);
	if (g->writer == t->dirty) {
		/* Entering the guest loads CR3, which drops the TLB's copy. */
		*(u32 *)g->writer &= ~(u32)PTE_D;
	}
}

/* --- entries --- */

static void mark_filled(struct sh_page *p, u32 i)
{
	p->filled[i / 32] |= 1u << i % 32;
	p->summary |= 1u << i / 32;
}

static void mark_absent(struct sh_page *p, u32 i)
{
	p->filled[i / 32] &= ~(1u << i % 32);
	if (p->filled[i / 32] == 0) {
		p->summary &= ~(1u << i / 32);
	}
}

static spte_t spte_make(mfn_t f, u64 flags)
{
	return mk_spte(mfn_to_hpa(f).raw | flags);
}

/*
 * Rights of a leaf, from those of its guest entry:
 *
 *	guest RW D	shadow RW and D
 *	      0  x	0
 *	      1  0	0	the first write faults and sets D
 *	      1  1	1
 */
static u32 leaf_rights(u32 gpte)
{
	const u32 d_to_rw = PTE_D / PTE_RW;
	u32 writable = gpte & (gpte / d_to_rw) & PTE_RW;

	return PTE_P | PTE_A | (gpte & PTE_US) | writable | writable * d_to_rw;
}

static void clear_leaf(struct shadow *s, struct sh_page *p, u32 i)
{
	u64 *entry = &p->entry[i];
	u64 old = *entry;

	if (old & PTE_RW) {
		struct sh_gframe *g = gframe_of(s, p->from[i]);

		g->wcount--;
		if (g->writer == entry) {
			g->writer = NULL;
		}
		if (g->table) {
			writers_changed(g, old & PTE_D);
		}
	}
	pte_set(entry, 0);
	p->from[i] = 0;
	mark_absent(p, i);
}

/*
 * The entry is written by halves: the frame's number has 24 bits, of the
 * guest's entry only NX is in the high one.
 */
static inline void write_leaf(struct shadow *s, struct sh_page *p, u32 i,
			      u64 gpte, mfn_t f, u32 rights)
{
	u32 hi = mfn_raw(f) >> (32 - PAGE_SHIFT) | (HI32(gpte) & HI32(s->nx));
	u32 lo = mfn_raw(f) << PAGE_SHIFT | rights;

	pte_set(&p->entry[i], (u64)hi << 32 | lo);
	p->from[i] = gpte;
	mark_filled(p, i);
}

static inline void fill_leaf(struct shadow *s, struct sh_page *p, u32 i,
			     u64 gpte, mfn_t f)
{
	u32 rights = leaf_rights(LO32(gpte));

	write_leaf(s, p, i, gpte, f, rights);
	if (rights & PTE_RW) {
		struct sh_gframe *g = gframe_of(s, gpte);

		if (g->wcount++ == 0) {
			g->writer = &p->entry[i];
		}
		if (g->table) {
			writers_changed(g, true);
		}
	}
}

void shtable_fill_leaf(struct shadow *s, struct sh_page *p, u32 i, u64 gpte)
{
	mfn_t f;

	/* Present entries have P set: the low half tells. */
	if (unlikely(LO32(p->from[i]))) {
		clear_leaf(s, p, i);
	}
	if (likely(p2m_lookup(s->ctx->p2m, gpte_frame(gpte), &f) == P2M_RAM)) {
		fill_leaf(s, p, i, gpte, f);
	}
}

bool shtable_set_leaf(struct shadow *s, struct sh_page *p, u32 i, u64 gpte)
{
	const u32 needed = PTE_P | PTE_A;
	mfn_t f;

	/* Present entries have P set: the low half tells. */
	if (LO32(p->from[i])) {
		clear_leaf(s, p, i);
	}
	if ((LO32(gpte) & needed) != needed ||
	    !gwalk_is_legal_leaf(s->ctx, gpte) ||
	    p2m_lookup(s->ctx->p2m, gpte_frame(gpte), &f) != P2M_RAM) {
		return false;
	}
	fill_leaf(s, p, i, gpte, f);
	return true;
}

/* --- directories --- */

struct sh_page *shtable_child(const struct shadow *s, const struct sh_page *p,
			      u32 i)
{
	return p->from[i] ? p->to[i]->page[sh_is_pae(s) ? 0 : i & 1] : NULL;
}

void shtable_link(struct shadow *s, struct sh_page *p, u32 i, u64 gpde,
		  struct sh_table *t, u32 part)
{
	mfn_t f = hvmap_frame_of(t->page[part]->entry);
	u64 rights =
		PTE_P | PTE_A | (gpde & (PTE_RW | PTE_US)) | (gpde & s->nx);

	pte_set(&p->entry[i], spte_make(f, rights).raw);
	p->from[i] = gpde;
	p->to[i] = t;
	mark_filled(p, i);
}

void shtable_unlink(struct shadow *s, struct sh_page *p, u32 i)
{
	pte_set(&p->entry[i], 0);
	p->from[i] = 0;
	mark_absent(p, i);
	shtable_put(s, p->to[i]);
}

/* Clear every entry of @p, which holds leaves or directory entries. */
static void empty_page(struct shadow *s, struct sh_page *p, enum sh_level level)
{
	u32 first, i;

	for_each_filled(p, first, i)
	{
		if (level == SH_L1) {
			clear_leaf(s, p, first + i);
		} else {
			shtable_unlink(s, p, first + i);
		}
	}
}

/* --- tables --- */

void shtable_forget_kernel(const struct shadow *s, struct sh_table *t)
{
	for (u32 q = 0; q < PAE_PDPTES; q++) {
		t->kernel_generation[q] = s->kernel_generation[q] - 1;
	}
}

struct sh_table *shtable_get(struct shadow *s, gfn_t f, enum sh_level level)
{
	struct sh_gframe *g = sh_gframe(s, f);
	struct sh_table *t = shtable_find(s, f, level);

	if (!t) {
		t = shpool_table(s);
		if (!t) {
			return NULL;
		}
		t->gfn = f;
		t->level = level;
		t->other = g->table;
		t->dirty = write_source(g);
		g->table = t;
		shtable_forget_kernel(s, t);
		p2m_watch_writes(s->ctx->p2m, f, true);
	}
	t->refs++;
	return t;
}

struct sh_page *shtable_page(struct shadow *s, struct sh_table *t, u32 part)
{
	if (!t->page[part]) {
		struct sh_page *p = shpool_page(s, t->level);

		if (!p) {
			return NULL;
		}
		p->table = t;
		p->part = part;
		t->page[part] = p;
	}
	return t->page[part];
}

static void leave_kernel_list(struct sh_table *t)
{
	if (t->kernel_link) {
		*t->kernel_link = t->kernel_next;
		if (t->kernel_next) {
			t->kernel_next->kernel_link = t->kernel_link;
		}
	}
}

static void forget_table(struct shadow *s, struct sh_table *t)
{
	struct sh_gframe *g = sh_gframe(s, t->gfn);
	struct sh_table **link = &g->table;

	while (*link != t) {
		link = &(*link)->other;
	}
	*link = t->other;
	if (!g->table) {
		p2m_watch_writes(s->ctx->p2m, t->gfn, false);
	}
}

void shtable_put(struct shadow *s, struct sh_table *t)
{
	if (--t->refs) {
		return;
	}
	for (u32 i = 0; i < SH_PARTS_MAX; i++) {
		struct sh_page *p = t->page[i];

		if (p) {
			empty_page(s, p, t->level);
			shroot_forget_kernel(s, p, t->level);
			shpool_free_page(s, p);
		}
	}
	leave_kernel_list(t);
	forget_table(s, t);
	shpool_free_table(s, t);
}
