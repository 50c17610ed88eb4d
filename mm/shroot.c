/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address spaces: the pool of roots and the kernel half they share.
 *
 * I1  A GiB that is all kernel has the same page in every root. In a GiB
 *     that is partly kernel, roots have pages of their own whose kernel
 *     entries equal those of s->kernel[] (without from[]: the copy owns
 *     nothing); roots without such a page use s->kernel[] itself.
 * I2  The Switcher's entry is a kernel entry, so every root has it.
 * I3  The current root is never recycled.
 *
 * Next: mm/shflush.c.
 */
#include <string.h>

#include "mm/hvmap.h"
#include "mm/shadow_priv.h"

/*
 * PAE root entries have no RW or US bits and are cached at CR3 load: SDM 3A
 * 4.4.1 "PDPTE Registers". Every entry to the guest loads CR3, so an edit
 * needs nothing more.
 */
static u64 root_entry(const struct sh_page *p)
{
	return p ? mfn_to_hpa(hvmap_frame_of(p->entry)).raw | PTE_P : 0;
}

static void use_page(struct shadow *s, struct sh_root *r, u32 q,
		     struct sh_page *p)
{
	r->pd[q] = p;
	pte_set(&r->pdpt[q], root_entry(p ? p : s->kernel[q]));
}

/* --- the kernel half --- */

/* First kernel entry in the directory of GiB @q; PAE_ENTRIES: none. */
static u32 first_kernel_entry(const struct shadow *s, u32 q)
{
	u32 first = q * PAE_ENTRIES;

	if (s->kernel_first <= first) {
		return 0;
	}
	return min_u32(s->kernel_first - first, PAE_ENTRIES);
}

/* A page of a root's own in a partly kernel GiB starts with the kernel. */
static void copy_kernel(struct shadow *s, struct sh_page *p)
{
	u32 q = p->part;

	for (u32 i = first_kernel_entry(s, q); i < PAE_ENTRIES; i++) {
		pte_set(&p->entry[i], s->kernel[q]->entry[i]);
	}
}

void shroot_forget_kernel(struct shadow *s, struct sh_page *p,
			  enum sh_level level)
{
	if (level != SH_L2) {
		return;
	}
	for (u32 i = first_kernel_entry(s, p->part); i < PAE_ENTRIES; i++) {
		pte_set(&p->entry[i], 0);
	}
}

static void spread_to(struct shadow *s, const struct sh_table *t, u32 q, u32 i)
{
	if (t && t->page[q]) {
		pte_set(&t->page[q]->entry[i], s->kernel[q]->entry[i]);
	}
}

/*
 * A directory's page for GiB @q may be there although no root has it at
 * @q just now: the directory is in use for another GiB.
 */
void shroot_spread_kernel(struct shadow *s, u32 q, u32 i)
{
	if (sh_is_all_kernel(s, q)) {
		return;
	}
	for (struct sh_root *r = s->newest; r; r = r->older) {
		for (u32 n = 0; n < PAE_PDPTES; n++) {
			spread_to(s, r->dir[n], q, i);
		}
	}
}

void shroot_drop_kernel_entry(struct shadow *s, u32 q, u32 i)
{
	shtable_unlink(s, s->kernel[q], i);
	shroot_spread_kernel(s, q, i);
}

/* --- roots --- */

static u32 bucket_of(gpa_t key)
{
	/* PAE roots may be 32 bytes apart, 2-level ones are 4096 apart. */
	u32 n = (u32)(gpa_raw(key) >> 5);

	return (n ^ n >> 7) % SH_ROOT_BUCKETS;
}

struct sh_root *shroot_find(const struct shadow *s, gpa_t key)
{
	struct sh_root *r;

	if (s->current && gpa_eq(s->current->key, key)) {
		return s->current;
	}
	r = s->bucket[bucket_of(key)];
	while (r && !gpa_eq(r->key, key)) {
		r = r->next_in_bucket;
	}
	return r;
}

static void leave_order(struct shadow *s, struct sh_root *r)
{
	*(r->newer ? &r->newer->older : &s->newest) = r->older;
	*(r->older ? &r->older->newer : &s->oldest) = r->newer;
}

static void become_newest(struct shadow *s, struct sh_root *r)
{
	r->newer = NULL;
	r->older = s->newest;
	*(s->newest ? &s->newest->newer : &s->oldest) = r;
	s->newest = r;
}

void shroot_make_current(struct shadow *s, struct sh_root *r)
{
	if (s->newest != r) {
		leave_order(s, r);
		become_newest(s, r);
	}
	s->current = r;
}

struct sh_root *shroot_new(struct shadow *s, gpa_t key)
{
	struct sh_root *r = shpool_root(s);
	u32 b = bucket_of(key);

	if (!r) {
		return NULL;
	}
	r->key = key;
	r->generation = s->generation;
	for (u32 q = 0; q < PAE_PDPTES; q++) {
		use_page(s, r, q, NULL);
	}
	r->next_in_bucket = s->bucket[b];
	s->bucket[b] = r;
	become_newest(s, r);
	return r;
}

void shroot_drop_directory(struct shadow *s, struct sh_root *r, u32 q)
{
	struct sh_table *t = r->dir[q];

	use_page(s, r, q, NULL);
	r->dir[q] = NULL;
	if (t) {
		shtable_put(s, t);
	}
}

/* Make guest frame @pd the directory of GiB @q of @r. Referenced. */
struct sh_table *shroot_set_directory(struct shadow *s, struct sh_root *r,
				      u32 q, gfn_t pd)
{
	if (r->dir[q] && gfn_eq(r->dir[q]->gfn, pd)) {
		return r->dir[q];
	}
	shroot_drop_directory(s, r, q);
	r->dir[q] = shtable_get(s, pd, SH_L2);
	return r->dir[q];
}

struct sh_page *shroot_directory(struct shadow *s, struct sh_root *r, u32 q,
				 gfn_t pd)
{
	struct sh_table *t = shroot_set_directory(s, r, q, pd);
	bool is_new = t && !t->page[q];
	struct sh_page *p;

	if (r->pd[q]) {
		return r->pd[q];
	}
	p = t ? shtable_page(s, t, q) : NULL;
	if (!p) {
		return NULL;
	}
	if (!is_new) {
		/* What others filled may be older than the last flush here. */
		shflush_directory(s, t, q);
	} else if (first_kernel_entry(s, q) < PAE_ENTRIES) {
		copy_kernel(s, p);
	}
	use_page(s, r, q, p);
	return p;
}

static void drop_root(struct shadow *s, struct sh_root *r)
{
	struct sh_root **link = &s->bucket[bucket_of(r->key)];

	for (u32 q = 0; q < PAE_PDPTES; q++) {
		shroot_drop_directory(s, r, q);
	}
	while (*link != r) {
		link = &(*link)->next_in_bucket;
	}
	*link = r->next_in_bucket;
	leave_order(s, r);
	shpool_free_root(s, r);
}

bool shroot_recycle(struct shadow *s)
{
	if (!s->oldest || s->oldest == s->current) {
		return false;
	}
	s->stats.recycled++;
	drop_root(s, s->oldest);
	return true;
}

void shroot_empty_current(struct shadow *s)
{
	for (u32 q = 0; q < PAE_PDPTES; q++) {
		shroot_drop_directory(s, s->current, q);
		for (u32 i = 0; s->kernel[q] && i < PAE_ENTRIES; i++) {
			if (s->kernel[q]->from[i]) {
				shroot_drop_kernel_entry(s, q, i);
			}
		}
	}
}

void shroot_drop_all(struct shadow *s)
{
	if (s->current) {
		shroot_empty_current(s);
		s->current = NULL;
	}
	while (s->oldest) {
		drop_root(s, s->oldest);
	}
	for (u32 q = 0; q < PAE_PDPTES; q++) {
		struct sh_page *p = s->kernel[q];

		if (p) {
			memset(p->entry, 0, PAGE_SIZE);
			shpool_free_page(s, p);
			s->kernel[q] = NULL;
		}
	}
}
