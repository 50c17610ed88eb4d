/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Announced changes: the guest says which entry it changed.
 *
 * I1  The guest's memory wins: what a call says about an entry is a hint
 *     where to look, so that a stale or a false one does no harm.
 * I2  As for flushes, guest memory is only read and nothing ends a guest.
 *
 * Rules: lguest ABI 6.3 to 6.5. Next: mm/shflush.c, for changes that were not
 * announced.
 */
#include "mm/shresync.h"

/* The directory page for @va in the guest's root @root; NULL: none. */
static inline struct sh_page *directory_of(const struct shadow *s, gpa_t root,
					   u32 va)
{
	u32 q = va >> PAE_PDPT_SHIFT;
	const struct sh_root *r;

	if (sh_is_kernel(s, va)) {
		return s->kernel[q];
	}
	r = shroot_find(s, root);
	return r ? r->pd[q] : NULL;
}

/*
 * The call that guests make most: one copy for each format, as half of the
 * work would be telling them apart.
 */
static inline __attribute__((always_inline)) void
set_pte(struct shadow *s, gpa_t root, u32 va, const struct table_format *f)
{
	const struct sh_page *dir = directory_of(s, root, va);
	u32 d = sh_pd_index(va), i = sh_pt_index(va);
	struct sh_page *p;
	const void *gpt;
	gpte_t gpte;

	if (!dir || !LO32(dir->from[d].raw)) {
		return;
	}
	p = dir->to[d]->page[shtable_part(f, d)];
	gpt = p ? gwalk_table(s->ctx, p->table->gfn) : NULL;
	if (unlikely(!gpt)) {
		return;
	}
	gpte = gformat_entry(f, gpt, gformat_index(f, 1, va));
	if (!gformat_same(f, gpte, p->from[i])) {
		shtable_set_leaf(s, p, i, gpte);
	}
}

__attribute__((flatten)) void sh_set_pte(struct shadow *s, gpa_t root, gva_t va)
{
	if (s->ctx->mode == GWALK_PAE) {
		set_pte(s, root, gva_raw(va), &gformat_pae);
	} else {
		set_pte(s, root, gva_raw(va), &gformat_2level);
	}
}

/* Entry @i of GiB @q, in whatever was made from directory frame @pd. */
static void check_entry(struct shadow *s, gfn_t pd, u32 q, u32 i)
{
	u32 va = q << PAE_PDPT_SHIFT | i << PAE_PD_SHIFT;
	struct sh_table *t = shtable_find(s, pd, SH_L2);

	if (sh_is_kernel(s, va)) {
		shresync_entry(s, s->kernel[q], i, pd);
	} else if (t && t->page[q]) {
		shresync_entry(s, t->page[q], i, pd);
	}
}

void sh_set_pmd(struct shadow *s, gpa_t directory, u32 index)
{
	gfn_t pd = gpa_to_gfn(directory);

	if (!s->current || !sh_is_ram(s, pd) || index >= PAE_ENTRIES) {
		return;
	}
	for (u32 q = 0; q < PAE_PDPTES; q++) {
		u32 va = q << PAE_PDPT_SHIFT | index << PAE_PD_SHIFT;

		/* The kernel half comes from the current root. */
		if (!sh_is_kernel(s, va) ||
		    gfn_eq(shroot_guest_directory(s, s->current, q), pd)) {
			check_entry(s, pd, q, index);
		}
	}
}

/* PAE: root entry @q of the guest's table at @root changed. */
static void set_root_entry(struct shadow *s, gpa_t root, u32 q)
{
	struct sh_root *r = shroot_find(s, root);

	if (r && r->dir[q] &&
	    !gfn_eq(shroot_guest_directory(s, r, q), r->dir[q]->gfn)) {
		shroot_drop_directory(s, r, q);
	}
}

/*
 * 2-level: nobody says that an address space is gone, but before that its
 * entries go. The page of a GiB without any is better used elsewhere.
 */
static void drop_empty_directory(struct shadow *s, gpa_t root, u32 q)
{
	struct sh_root *r = shroot_find(s, root);

	if (r && r->pd[q] && !r->pd[q]->summary) {
		shroot_drop_directory(s, r, q);
	}
}

void sh_set_pgd(struct shadow *s, gpa_t root, u32 index)
{
	gfn_t pd = gpa_to_gfn(root);

	if (!s->current || !sh_is_ram(s, pd)) {
		return;
	}
	if (gwalk_format(s->ctx)->levels == 3) {
		if (index < PAE_PDPTES) {
			set_root_entry(s, root, index);
		}
		return;
	}
	/* A 2-level entry spans two of ours. */
	if (index < PAE_PDPTES * PAE_ENTRIES / 2) {
		u32 q = index / (PAE_ENTRIES / 2);
		u32 i = index * 2 % PAE_ENTRIES;

		check_entry(s, pd, q, i);
		check_entry(s, pd, q, i + 1);
		drop_empty_directory(s, root, q);
	}
}
