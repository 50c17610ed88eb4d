/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resync: what is filled is compared with the guest's tables.
 *
 * I1  Guest memory is only read here: a stale root may point at a page that
 *     is something else by now.
 * I2  Nothing here ends a guest: an entry that is odd is dropped.
 *
 * Next: mm/shflush.c, which decides what to compare.
 */
#include "mm/shresync.h"

/*
 * Accessed and dirty bits that have been set since are no difference: the walk
 * of a fault sets them itself and does not mark the table as written, and a
 * shadow entry that was filled without them is safe. (In a directory that also
 * serves as a table it may even set dirty in a directory entry.) Bits that have
 * been cleared are a difference: the next access must set them again.
 */
static bool is_other(gpte_t gpte, gpte_t from)
{
	return gpte.raw != (from.raw | (gpte.raw & (PTE_A | PTE_D)));
}

/* Entry @i is another one by now. */
static __attribute__((noinline)) void mend(struct shadow *s, struct sh_page *p,
					   u32 i)
{
	gpte_t gpte =
		gwalk_entry(s->ctx, p->table->gfn, p->part * PAE_ENTRIES + i);

	s->stats.mended += is_other(gpte, p->from[i]);
	shtable_set_leaf(s, p, i, gpte);
}

/*
 * Which of 32 entries that are @filled are no longer what they were made
 * from, one bit each. This is most of the work of a flush. What is read here
 * only tells where to look: mend() reads again.
 */
static __attribute__((noinline)) u32 changed_pae(const gpte_t *gpt,
						 const gpte_t *from, u32 filled)
{
	u32 changed = 0, i;

	for_each_bit(filled, i)
	{
		if (unlikely(!gpte_eq(gpt[i], from[i]))) {
			changed |= 1u << i;
		}
	}
	return changed;
}

static __attribute__((noinline)) u32
changed_2level(const u32 *gpt, const gpte_t *from, u32 filled)
{
	u32 changed = 0, i;

	for_each_bit(filled, i)
	{
		if (unlikely(gpt[i] != LO32(from[i].raw))) {
			changed |= 1u << i;
		}
	}
	return changed;
}

/* The same of the entries from number @at on of a table of format @f. */
static inline u32 changed(const struct table_format *f, const void *gpt, u32 at,
			  const gpte_t *from, u32 filled)
{
	gpt = (const u8 *)gpt + at * f->entry_size;
	return f->entry_size == sizeof(u64) ? changed_pae(gpt, from, filled)
					    : changed_2level(gpt, from, filled);
}

/* Compare what is filled of @p with the guest's table. */
static void check_part(struct shadow *s, struct sh_page *p)
{
	u32 base = p->part * PAE_ENTRIES;
	u32 first, i, bits;

	for_each_filled_group(p, first)
	{
		/* Anew each time: to mend may take the slot it is mapped in,
		 * for the first use of another frame (mm/hvmap.h). */
		const void *gpt = gwalk_table(s->ctx, p->table->gfn);

		bits = changed(gwalk_format(s->ctx), gpt, base + first,
			       &p->from[first], p->filled[first / 32]);
		for_each_bit(bits, i)
		{
			mend(s, p, first + i);
		}
	}
}

void shresync_table(struct shadow *s, struct sh_table *t)
{
	s->stats.checked++;
	/* Before the comparison: a table may map itself. */
	shdirty_watch(s, t);
	for (u32 part = 0; part < 2; part++) {
		if (t->page[part]) {
			check_part(s, t->page[part]);
		}
	}
}

/* The guest's directory entry behind entry @i of page @p. */
static gpte_t guest_pde(const struct shadow *s, const struct sh_page *p, u32 i,
			gfn_t pd)
{
	u32 va = p->part << PAE_PDPT_SHIFT | i << PAE_PD_SHIFT;

	return gwalk_entry(s->ctx, pd,
			   gformat_index(gwalk_format(s->ctx), 2, va));
}

void shresync_entry(struct shadow *s, struct sh_page *p, u32 i, gfn_t pd)
{
	gpte_t gpde =
		gfn_eq(pd, INVALID_gfn) ? mk_gpte(0) : guest_pde(s, p, i, pd);

	if (!p->from[i].raw || !is_other(gpde, p->from[i])) {
		return;
	}
	s->stats.mended++;
	shkernel_unlink(s, p, i);
}

/* Every page made from it is compared: there is one watch for all of them. */
void shresync_directory(struct shadow *s, struct sh_table *t)
{
	shdirty_watch(s, t);
	shkernel_forget(t);
	for (u32 q = 0; q < PAE_PDPTES; q++) {
		struct sh_page *p = t->page[q];
		u32 first, i;

		if (!p) {
			continue;
		}
		for_each_filled(p, first, i)
		{
			shresync_entry(s, p, first + i, t->gfn);
		}
	}
}
