/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shadow entries, and the guest tables they come from.
 *
 * I1  from[i] is the guest entry that entry[i] was made from, 0 when absent;
 *     its bit in filled[] says the same, summary summarises filled[].
 * I2  A leaf maps a frame of this guest, with rights at most those of from[i],
 *     writable only where from[i] is dirty, G clear.
 *
 * Next: mm/shkernel.c, mm/shroot.c.
 */
#include "mm/shtable.h"

/* The frame that @gpte maps, which is a legal leaf: RAM lies below 4 GiB. */
static gfn_t frame_of(gpte_t gpte)
{
	return mk_gfn(LO32(gpte.raw) >> PAGE_SHIFT);
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
	spte_t *entry = &p->entry[i];
	u32 old = LO32(entry->raw);

	if (old & PTE_RW) {
		shdirty_remove_writer(sh_gframe(s, frame_of(p->from[i])), entry,
				      old & PTE_D);
	}
	spte_set(entry, mk_spte(0));
	p->from[i] = mk_gpte(0);
	mark_absent(p, i);
}

/*
 * The entry is written by halves: the frame's number has 24 bits, of the
 * guest's entry only NX is in the high one.
 */
static inline void write_leaf(struct shadow *s, struct sh_page *p, u32 i,
			      gpte_t gpte, mfn_t f, u32 rights)
{
	u32 hi = mfn_raw(f) >> (32 - PAGE_SHIFT) |
		 (HI32(gpte.raw) & HI32(s->nx));
	u32 lo = mfn_raw(f) << PAGE_SHIFT | rights;

	spte_set(&p->entry[i], mk_spte((u64)hi << 32 | lo));
	p->from[i] = gpte;
	mark_filled(p, i);
}

static inline void fill_leaf(struct shadow *s, struct sh_page *p, u32 i,
			     gpte_t gpte, mfn_t f)
{
	u32 rights = leaf_rights(LO32(gpte.raw));

	write_leaf(s, p, i, gpte, f, rights);
	if (rights & PTE_RW) {
		shdirty_add_writer(sh_gframe(s, frame_of(gpte)), &p->entry[i]);
	}
}

void shtable_fill_leaf(struct shadow *s, struct sh_page *p, u32 i, gpte_t gpte)
{
	mfn_t f;

	/* Present entries have P set: the low half tells. */
	if (unlikely(LO32(p->from[i].raw))) {
		clear_leaf(s, p, i);
	}
	if (likely(p2m_lookup(s->ctx->p2m, frame_of(gpte), &f) == P2M_RAM)) {
		fill_leaf(s, p, i, gpte, f);
	}
}

bool shtable_set_leaf(struct shadow *s, struct sh_page *p, u32 i, gpte_t gpte)
{
	const u32 needed = PTE_P | PTE_A;
	mfn_t f;

	/* Present entries have P set: the low half tells. */
	if (LO32(p->from[i].raw)) {
		clear_leaf(s, p, i);
	}
	if ((LO32(gpte.raw) & needed) != needed ||
	    !gwalk_is_legal_leaf(s->ctx, gpte) ||
	    p2m_lookup(s->ctx->p2m, frame_of(gpte), &f) != P2M_RAM) {
		return false;
	}
	fill_leaf(s, p, i, gpte, f);
	return true;
}

/* --- directories --- */

void shtable_link(struct shadow *s, struct sh_page *p, u32 i, gpte_t gpde,
		  struct sh_table *t, u32 part)
{
	u64 rights = PTE_P | PTE_A | (gpde.raw & (PTE_RW | PTE_US | s->nx));

	spte_set(&p->entry[i], spte_link(t->page[part]->entry, rights));
	p->from[i] = gpde;
	p->to[i] = t;
	mark_filled(p, i);
}

void shtable_unlink(struct shadow *s, struct sh_page *p, u32 i)
{
	spte_set(&p->entry[i], mk_spte(0));
	p->from[i] = mk_gpte(0);
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
		g->table = t;
		shdirty_writers_changed(g, false);
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
			shpool_free_page(s, p);
		}
	}
	forget_table(s, t);
	shpool_free_table(s, t);
}
