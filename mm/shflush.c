/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flushes: a flush re-checks, it does not forget.
 *
 * Guests announce nearly every change of an entry before they flush, so what
 * is filled is mostly right already. A flush therefore compares the filled
 * entries with the guest's tables, and only those of tables that were
 * written since the last time (mm/shdirty.h).
 *
 * I1  The kernel half is compared with the tables of the current root.
 * I2  Sleeping roots are compared when they are switched to, if a flush of
 *     everything came between.
 *
 * Next: mm/shchange.c, for changes that are announced.
 */
#include "mm/shflush.h"

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
			if (unlikely(shdirty_is_written(to[i]))) {
				shresync_table(s, to[i]);
			}
		}
	}
}

void shflush_directory(struct shadow *s, struct sh_table *t, u32 q)
{
	if (shdirty_is_written(t)) {
		shresync_directory(s, t);
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
	if (gwalk_format(s->ctx)->levels == 3) {
		check_root(s, r);
	}
	for (u32 q = 0; q < PAE_PDPTES; q++) {
		if (r->dir[q] && shdirty_is_written(r->dir[q])) {
			shresync_directory(s, r->dir[q]);
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
	gfn_t pd = shroot_guest_directory(s, r, q);
	struct sh_table *t = NULL;
	u32 first, i;

	if (!gfn_eq(pd, INVALID_gfn)) {
		t = shroot_set_directory(s, r, q, pd);
	}
	if (t && shdirty_is_written(t)) {
		shresync_directory(s, t);
	}
	for_each_filled(p, first, i)
	{
		shresync_entry(s, p, first + i, pd);
	}
	/* Without a table that is watched, it is compared again next time. */
	if (t) {
		shkernel_set_agrees(s, t, q);
	}
}

static void check_kernel(struct shadow *s, struct sh_root *r)
{
	struct sh_table *next;

	for (u32 q = 0; q < PAE_PDPTES; q++) {
		const struct sh_table *t = r->dir[q];

		if (s->kernel[q] && !(t && shkernel_agrees(s, t, q))) {
			compare_kernel(s, r, q);
		}
	}
	for (struct sh_table *t = s->kernel_tables; t; t = next) {
		next = t->kernel_next;
		if (shdirty_is_written(t)) {
			shresync_table(s, t);
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
