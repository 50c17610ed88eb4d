/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flushes: a flush re-checks, it does not forget.
 *
 * Guests announce nearly every change of an entry before they flush, so what
 * is filled is mostly right already. A flush therefore compares the filled
 * entries with the guest's tables, and only those of tables that were
 * written since the last time (shtable_is_written()).
 *
 * I1  Guest memory is only read here: a stale root may point at a page that
 *     is something else by now.
 * I2  Nothing here ends a guest: an entry that is odd is dropped.
 * I3  The kernel half is compared with the tables of the current root. A
 *     directory remembers at which kernel_generation it was found equal:
 *     what is dropped later leaves it equal, what is added may not.
 *
 * Next: mm/shadow.c.
 */
#include "mm/hvmap.h"
#include "mm/shadow_priv.h"

/*
 * The walk sets accessed and dirty without a note, in a directory entry even
 * dirty when the directory is also used as a table: an entry that was filled
 * without them is safe. So that is no difference. Taking them away is one:
 * the next access must set them again.
 */
static bool is_other(u64 gpte, u64 from)
{
	return gpte != (from | (gpte & (PTE_A | PTE_D)));
}

static const void *guest_table(const struct shadow *s, gfn_t f)
{
	mfn_t m;

	return p2m_lookup(s->ctx->p2m, f, &m) == P2M_RAM ? hvmap_page(m) : NULL;
}

/* Entry @i is another one by now. */
static __attribute__((noinline)) void mend(struct shadow *s, struct sh_page *p,
					   u32 i)
{
	u32 at = sh_is_pae(s) ? i : p->part * PAE_ENTRIES + i;
	u64 gpte = gwalk_entry(s->ctx, p->table->gfn, at);

	s->stats.mended += is_other(gpte, p->from[i]);
	shtable_set_leaf(s, p, i, gpte);
}

/*
 * Which of 32 entries that are @filled are no longer what they were made
 * from, one bit each. This is most of the work of a flush. What is read here
 * only tells where to look: mend() reads again.
 */
static __attribute__((noinline)) u32 changed_pae(const u64 *gpt,
						 const u64 *from, u32 filled)
{
	u32 changed = 0, i;

	for_each_bit(filled, i)
	{
		if (unlikely(gpt[i] != from[i])) {
			changed |= 1u << i;
		}
	}
	return changed;
}

static __attribute__((noinline)) u32 changed_2level(const u32 *gpt,
						    const u64 *from, u32 filled)
{
	u32 changed = 0, i;

	for_each_bit(filled, i)
	{
		if (unlikely(gpt[i] != LO32(from[i]))) {
			changed |= 1u << i;
		}
	}
	return changed;
}

/* Compare what is filled of @p with the guest's table. */
static void check_part(struct shadow *s, struct sh_page *p)
{
	u32 base = p->part * PAE_ENTRIES;
	u32 first, i, changed;

	for_each_filled_group(p, first)
	{
		/* Anew each time: to mend may take the slot it is mapped in,
		 * for the first use of another frame (mm/hvmap.h). */
		const void *gpt = guest_table(s, p->table->gfn);
		u32 filled = p->filled[first / 32];

		changed = sh_is_pae(s)
				  ? changed_pae((const u64 *)gpt + first,
						&p->from[first], filled)
				  : changed_2level((const u32 *)gpt + base +
							   first,
						   &p->from[first], filled);
		for_each_bit(changed, i)
		{
			mend(s, p, first + i);
		}
	}
}

void shflush_table(struct shadow *s, struct sh_table *t)
{
	s->stats.checked++;
	/* Before the comparison: a table may map itself. */
	shtable_watch(s, t);
	for (u32 part = 0; part < 2; part++) {
		if (t->page[part]) {
			check_part(s, t->page[part]);
		}
	}
}

gfn_t shflush_directory_frame(const struct shadow *s, const struct sh_root *r,
			      u32 q)
{
	gfn_t f = gpa_to_gfn(r->key);

	if (sh_is_pae(s)) {
		const volatile u64 *root = gwalk_root(s->ctx, r->key);
		u64 e = root ? root[q] : 0;

		/* Any other flag makes it illegal, as gwalk() will say. */
		f = (LO32(e) & PAGE_MASK) == PTE_P && !HI32(e) ? gpte_frame(e)
							       : INVALID_gfn;
	}
	return sh_is_ram(s, f) ? f : INVALID_gfn;
}

/* The guest's directory entry behind entry @i of a page of GiB @q. */
static u64 guest_pde(const struct shadow *s, gfn_t pd, u32 q, u32 i)
{
	u32 va = q << PAE_PDPT_SHIFT | i << PAE_PD_SHIFT;

	return gwalk_entry(s->ctx, pd, gwalk_pd_index(sh_is_pae(s), va));
}

void shflush_entry(struct shadow *s, struct sh_page *p, u32 q, u32 i, gfn_t pd)
{
	u64 gpde = gfn_eq(pd, INVALID_gfn) ? 0 : guest_pde(s, pd, q, i);

	if (!p->from[i] || !is_other(gpde, p->from[i])) {
		return;
	}
	s->stats.mended++;
	if (p == s->kernel[q]) {
		shroot_drop_kernel_entry(s, q, i);
	} else {
		shtable_unlink(s, p, i);
	}
}

/*
 * Directory @t was written: compare every page made from it, in whichever
 * GiB, for there is one watch for all of them.
 */
static void check_entries(struct shadow *s, struct sh_table *t)
{
	shtable_watch(s, t);
	shtable_forget_kernel(s, t);
	for (u32 q = 0; q < PAE_PDPTES; q++) {
		struct sh_page *p = t->page[q];
		u32 first, i;

		if (!p) {
			continue;
		}
		for_each_filled(p, first, i)
		{
			shflush_entry(s, p, q, first + i, t->gfn);
		}
	}
}

/* The tables behind page @p. */
static void check_tables(struct shadow *s, struct sh_page *p)
{
	u32 first, i;

	for_each_filled_group(p, first)
	{
		struct sh_table *const *to = &p->to[first];

		/* TRICK: in a register, or each entry costs one more. */
		__asm__("" : "+r"(to));
		for_each_bit(p->filled[first / 32], i)
		{
			if (unlikely(shtable_is_written(to[i]))) {
				shflush_table(s, to[i]);
			}
		}
	}
}

void shflush_directory(struct shadow *s, struct sh_table *t, u32 q)
{
	if (shtable_is_written(t)) {
		check_entries(s, t);
	}
	check_tables(s, t->page[q]);
}

/* PAE root entries are compared each time, they are four. */
static void check_root(struct shadow *s, struct sh_root *r)
{
	const volatile u64 *root = gwalk_root(s->ctx, r->key);

	for (u32 q = 0; q < PAE_PDPTES; q++) {
		u64 e = root ? root[q] : 0;

		if (r->dir[q] &&
		    e != (gfn_to_gpa(r->dir[q]->gfn).raw | PTE_P)) {
			shroot_drop_directory(s, r, q);
		}
	}
}

void shflush_user(struct shadow *s, struct sh_root *r)
{
	if (sh_is_pae(s)) {
		check_root(s, r);
	}
	for (u32 q = 0; q < PAE_PDPTES; q++) {
		if (r->dir[q] && shtable_is_written(r->dir[q])) {
			check_entries(s, r->dir[q]);
		}
		if (r->pd[q]) {
			check_tables(s, r->pd[q]);
		}
	}
}

/* Compare the kernel half's entries of GiB @q with those of @r. */
static void compare_kernel(struct shadow *s, struct sh_root *r, u32 q)
{
	struct sh_page *p = s->kernel[q];
	gfn_t pd = shflush_directory_frame(s, r, q);
	struct sh_table *t = NULL;
	u32 first, i;

	if (!gfn_eq(pd, INVALID_gfn)) {
		t = shroot_set_directory(s, r, q, pd);
	}
	if (t && shtable_is_written(t)) {
		check_entries(s, t);
	}
	for_each_filled(p, first, i)
	{
		shflush_entry(s, p, q, first + i, pd);
	}
	/* Without a table that is watched, it is compared again next time. */
	if (t) {
		t->kernel_generation[q] = s->kernel_generation[q];
	}
}

static void check_kernel(struct shadow *s, struct sh_root *r)
{
	struct sh_table *next;

	for (u32 q = 0; q < PAE_PDPTES; q++) {
		const struct sh_table *t = r->dir[q];

		if (s->kernel[q] && !(t && shtable_has_kernel(s, t, q))) {
			compare_kernel(s, r, q);
		}
	}
	for (struct sh_table *t = s->kernel_tables; t; t = next) {
		next = t->kernel_next;
		if (shtable_is_written(t)) {
			shflush_table(s, t);
		}
	}
}

void sh_flush_user(struct shadow *s)
{
	if (s->current) {
		shflush_user(s, s->current);
	}
}

void sh_flush_all(struct shadow *s)
{
	if (!s->current) {
		return;
	}
	/* Sleeping roots are checked when they are switched to. */
	s->generation++;
	shflush_user(s, s->current);
	s->current->generation = s->generation;
	check_kernel(s, s->current);
}
