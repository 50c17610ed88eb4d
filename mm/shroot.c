/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Address spaces: the pool of roots.
 *
 * I1  A root's entry for a GiB names its directory's page, or where it has
 *     none the kernel half's, if that reaches there.
 * I2  The current root is never recycled.
 *
 * Next: mm/shresync.c.
 */
#include "mm/shroot.h"

/*
 * PAE root entries have no RW or US bits and are cached at CR3 load: SDM 3A
 * 4.4.1 "PDPTE Registers". Every entry to the guest loads CR3, so an edit
 * needs nothing more.
 */
static spte_t root_entry(const struct sh_page *p)
{
	return p ? spte_link(p->entry, PTE_P) : mk_spte(0);
}

static void use_page(struct shadow *s, struct sh_root *r, u32 q,
		     struct sh_page *p)
{
	r->pd[q] = p;
	spte_set(&r->pdpt[q], root_entry(p ? p : s->kernel[q]));
}

/* --- the pool --- */

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

/* --- directories --- */

gfn_t shroot_guest_directory(const struct shadow *s, const struct sh_root *r,
			     u32 q)
{
	gfn_t f = gpa_to_gfn(r->key);

	if (gwalk_format(s->ctx)->levels == 3) {
		const volatile u64 *root = gwalk_root(s->ctx, r->key);
		u64 e = root ? root[q] : 0;

		/* Any other flag makes it illegal, as gwalk() will say. */
		f = (LO32(e) & PAGE_MASK) == PTE_P && !HI32(e)
			    ? gpte_frame(mk_gpte(e))
			    : INVALID_gfn;
	}
	return sh_is_ram(s, f) ? f : INVALID_gfn;
}

void shroot_drop_directory(struct shadow *s, struct sh_root *r, u32 q)
{
	struct sh_table *t = r->dir[q];

	use_page(s, r, q, NULL);
	r->dir[q] = NULL;
	if (!t) {
		return;
	}
	for (u32 n = 0; t->refs == 1 && n < PAE_PDPTES; n++) {
		if (t->page[n]) {
			shkernel_remove_copy(s, t->page[n]);
		}
	}
	shtable_put(s, t);
}

static void drop_directories(struct shadow *s, struct sh_root *r)
{
	for (u32 q = 0; q < PAE_PDPTES; q++) {
		shroot_drop_directory(s, r, q);
	}
}

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

void shroot_use_directory(struct shadow *s, struct sh_root *r, u32 q)
{
	use_page(s, r, q, r->dir[q]->page[q]);
}

/* --- giving back --- */

static void drop_root(struct shadow *s, struct sh_root *r)
{
	struct sh_root **link = &s->bucket[bucket_of(r->key)];

	drop_directories(s, r);
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
	drop_directories(s, s->current);
	shkernel_empty(s);
}

void shroot_drop_all(struct shadow *s)
{
	s->current = NULL;
	while (s->oldest) {
		drop_root(s, s->oldest);
	}
	shkernel_empty(s);
	shkernel_drop(s);
}
