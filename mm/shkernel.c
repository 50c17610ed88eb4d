/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel half: a mapping of the guest's kernel faults in once for all
 * address spaces, and a new address space has all of them from the start.
 *
 * I1  A GiB that is all kernel has the same page in every root. In a GiB
 *     that is partly kernel, directories have pages of their own whose kernel
 *     entries equal those of s->kernel[] (without from[]: the copy owns
 *     nothing).
 * I2  The Switcher's entry is a kernel entry, so every root has it.
 * I3  s->kernel_tables lists the tables that entries here refer to, once
 *     each: a 2-level table is behind two entries.
 * I4  The kernel entries of a directory that agrees (shkernel_agrees()) and
 *     was not written are those that s->kernel[] was made from. It still
 *     agrees when entries of s->kernel[] are dropped, but perhaps not when
 *     one is added.
 *
 * Next: mm/shroot.c.
 */
#include "mm/shkernel.h"

#include <string.h>

#include "arch/x86/layout.h"

int sh_set_kernel(struct shadow *s, gva_t va)
{
	/* A directory entry of either format belongs to one half alone. */
	u32 unit = 2 * LARGE_PAGE_SIZE;
	u32 first = (u32)(ROUND_UP((u64)gva_raw(va), unit) >> PAE_PD_SHIFT);

	s->kernel_first = first;
	for (u32 q = first / PAE_ENTRIES; q < PAE_PDPTES; q++) {
		s->kernel[q] = shpool_page(s, SH_L2);
		if (!s->kernel[q]) {
			return -1;
		}
		s->kernel[q]->part = q;
		/* New directories have 0 and do not agree. */
		s->kernel_generation[q] = 1;
	}
	spte_set(&s->kernel[PAE_PDPTES - 1]->entry[sh_pd_index(SWITCH_BASE)],
		 s->switch_pde);
	return 0;
}

void shkernel_drop(struct shadow *s)
{
	for (u32 q = 0; q < PAE_PDPTES; q++) {
		struct sh_page *p = s->kernel[q];

		if (p) {
			memset(p->entry, 0, PAGE_SIZE);
			shpool_free_page(s, p);
			s->kernel[q] = NULL;
		}
	}
	s->kernel_first = 0;
}

/* --- which directories agree --- */

void shkernel_set_agrees(const struct shadow *s, struct sh_table *t, u32 q)
{
	t->kernel_generation[q] = s->kernel_generation[q];
}

void shkernel_forget(struct sh_table *t)
{
	memset(t->kernel_generation, 0, sizeof(t->kernel_generation));
}

/* --- copies --- */

/* First kernel entry in the directory of GiB @q; PAE_ENTRIES: none. */
static u32 first_kernel_entry(const struct shadow *s, u32 q)
{
	u32 first = q * PAE_ENTRIES;

	if (s->kernel_first <= first) {
		return 0;
	}
	return min_u32(s->kernel_first - first, PAE_ENTRIES);
}

void shkernel_add_copy(struct shadow *s, struct sh_page *p)
{
	u32 first = first_kernel_entry(s, p->part);

	if (first == PAE_ENTRIES) {
		return;
	}
	for (u32 i = first; i < PAE_ENTRIES; i++) {
		spte_set(&p->entry[i], s->kernel[p->part]->entry[i]);
	}
	sh_list_add(s->kernel_copies, p, copy_next, copy_link);
}

void shkernel_remove_copy(struct shadow *s, struct sh_page *p)
{
	u32 first = first_kernel_entry(s, p->part);

	if (first == PAE_ENTRIES) {
		return;
	}
	for (u32 i = first; i < PAE_ENTRIES; i++) {
		spte_set(&p->entry[i], mk_spte(0));
	}
	sh_list_del(p, copy_next, copy_link);
}

/* Entry @i of GiB @q changed. At most one GiB is partly the kernel's. */
static void update_copies(struct shadow *s, u32 q, u32 i)
{
	if (sh_is_all_kernel(s, q)) {
		return;
	}
	for (struct sh_page *p = s->kernel_copies; p; p = p->copy_next) {
		spte_set(&p->entry[i], s->kernel[q]->entry[i]);
	}
}

/* --- entries --- */

/* No directory but @dir is known to agree with a kernel half that grew. */
void shkernel_link(struct shadow *s, struct sh_page *p, u32 i, gpte_t gpde,
		   struct sh_table *t, u32 part, struct sh_table *dir)
{
	u32 q = p->part;
	bool agrees = dir && shkernel_agrees(s, dir, q);

	shtable_link(s, p, i, gpde, t, part);
	if (p != s->kernel[q]) {
		return;
	}
	if (t->kernel_refs++ == 0) {
		sh_list_add(s->kernel_tables, t, kernel_next, kernel_link);
	}
	update_copies(s, q, i);
	s->kernel_generation[q]++;
	if (agrees) {
		shkernel_set_agrees(s, dir, q);
	}
}

void shkernel_unlink(struct shadow *s, struct sh_page *p, u32 i)
{
	bool is_kernel = p == s->kernel[p->part];

	if (is_kernel && --p->to[i]->kernel_refs == 0) {
		sh_list_del(p->to[i], kernel_next, kernel_link);
	}
	shtable_unlink(s, p, i);
	if (is_kernel) {
		update_copies(s, p->part, i);
	}
}

void shkernel_empty(struct shadow *s)
{
	for (u32 q = 0; q < PAE_PDPTES; q++) {
		struct sh_page *p = s->kernel[q];

		for (u32 i = 0; p && i < PAE_ENTRIES; i++) {
			if (p->from[i].raw) {
				shkernel_unlink(s, p, i);
			}
		}
	}
}
