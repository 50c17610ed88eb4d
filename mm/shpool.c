/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory for shadows: pages of entries, and the small objects around them.
 *
 * I1  Frames taken here are FRAME_SHADOW and stay so: they never become
 *     guest memory while the shadow lives.
 * I2  A free page is all zero, so taking one again costs no clearing.
 *
 * Next: mm/shdirty.c.
 */
#include "mm/shpool.h"

#include <string.h>

#include "hv/lib/panic.h"
#include "mm/hvmap.h"

/* Free pages beyond this go back to the frame allocator. */
#define FREE_PAGES_MAX 64

/*
 * Pages taken at once: with these alone, and as many tables as a frame has
 * room for, every access can be served.
 */
#define RESERVE_PAGES 12

/* Directories among them: one per GiB, and one more in the kernel's first. */
#define RESERVE_DIRECTORIES 6

/*
 * Roots that there may be whatever the limit of pages; otherwise one for each
 * page, since a root without one is of no use. A guest can name any number.
 */
#define ROOTS_MIN 64

void *shpool_frames(struct shadow *s, u32 order)
{
	mfn_t f = pfa_alloc(s->pfa, order, PFA_LOW, FRAME_SHADOW);

	if (mfn_eq(f, INVALID_mfn)) {
		return NULL;
	}
	return memset(hvmap_page(f), 0, PAGE_SIZE << order);
}

/* Objects of one size, cut from single frames that are never given back. */
static void slab_grow(struct shadow *s, struct sh_slab *slab)
{
	u8 *frame = shpool_frames(s, 0);

	for (u32 at = 0; frame && at + slab->size <= PAGE_SIZE;
	     at += slab->size) {
		*(void **)(frame + at) = slab->free;
		slab->free = frame + at;
	}
}

/* Take memory for @count more objects. */
static int grow_by(struct shadow *s, struct sh_slab *slab, u32 count)
{
	for (u32 n = 0; n < count; n += PAGE_SIZE / slab->size) {
		void *before = slab->free;

		slab_grow(s, slab);
		if (slab->free == before) {
			return -1;
		}
	}
	return 0;
}

static void *slab_take(struct shadow *s, struct sh_slab *slab)
{
	void **object;

	if (!slab->free) {
		slab_grow(s, slab);
	}
	object = slab->free;
	if (object) {
		slab->free = *object;
	}
	return object;
}

static void *slab_take_zeroed(struct shadow *s, struct sh_slab *slab)
{
	void *object = slab_take(s, slab);

	return object ? memset(object, 0, slab->size) : NULL;
}

static void slab_give(struct sh_slab *slab, void *object)
{
	*(void **)object = slab->free;
	slab->free = object;
}

static struct sh_page *new_page(struct shadow *s)
{
	struct sh_page *p = slab_take_zeroed(s, &s->page_slab);

	if (!p) {
		return NULL;
	}
	p->entry = shpool_frames(s, SH_ORDER);
	if (!p->entry) {
		slab_give(&s->page_slab, p);
		return NULL;
	}
	p->from = (gpte_t *)(p->entry + PAE_ENTRIES);
	return p;
}

static struct sh_page *take_page(struct shadow *s)
{
	struct sh_page *p = s->free_pages;

	if (p) {
		s->free_pages = p->next;
		s->free_count--;
	} else if (s->pages < s->page_limit) {
		p = new_page(s);
	}
	if (p) {
		sh_list_add(s->used_pages, p, next, link);
		s->pages++;
	}
	return p;
}

struct sh_page *shpool_page(struct shadow *s, enum sh_level level)
{
	struct sh_page *p = take_page(s);

	if (p && level == SH_L2) {
		p->to = slab_take(s, &s->to_slab);
		if (!p->to) {
			shpool_free_page(s, p);
			return NULL;
		}
	}
	return p;
}

void shpool_free_page(struct shadow *s, struct sh_page *p)
{
	BUG_ON(p->summary != 0);
	if (s->audit_next == p) {
		s->audit_next = p->next;
	}
	sh_list_del(p, next, link);
	s->pages--;
	p->table = NULL;
	if (p->to) {
		slab_give(&s->to_slab, p->to);
		p->to = NULL;
	}
	if (s->free_count < FREE_PAGES_MAX) {
		p->next = s->free_pages;
		s->free_pages = p;
		s->free_count++;
		return;
	}
	pfa_free(s->pfa, hvmap_frame_of(p->entry), SH_ORDER, FRAME_SHADOW);
	slab_give(&s->page_slab, p);
}

struct sh_table *shpool_table(struct shadow *s)
{
	return slab_take_zeroed(s, &s->table_slab);
}

void shpool_free_table(struct shadow *s, struct sh_table *t)
{
	slab_give(&s->table_slab, t);
}

struct sh_root *shpool_root(struct shadow *s)
{
	struct sh_root *r = NULL;

	if (s->roots < ROOTS_MIN || s->roots < s->page_limit) {
		r = slab_take_zeroed(s, &s->root_slab);
		s->roots += r != NULL;
	}
	return r;
}

void shpool_free_root(struct shadow *s, struct sh_root *r)
{
	s->roots--;
	slab_give(&s->root_slab, r);
}

int shpool_init(struct shadow *s)
{
	u32 chunks =
		(s->ctx->p2m->ram_frames + (1u << SH_GFRAME_CHUNK_SHIFT) - 1) >>
		SH_GFRAME_CHUNK_SHIFT;
	u32 order =
		pfa_order(sizeof(struct sh_gframe) << SH_GFRAME_CHUNK_SHIFT);

	for (u32 i = 0; i < chunks; i++) {
		s->gframe[i] = shpool_frames(s, order);
		if (!s->gframe[i]) {
			return -1;
		}
	}
	s->table_slab.size = sizeof(struct sh_table);
	s->page_slab.size = sizeof(struct sh_page);
	s->to_slab.size = sizeof(struct sh_table *) * PAE_ENTRIES;
	/* A multiple of 32: roots are aligned. */
	s->root_slab.size = ROUND_UP((u32)sizeof(struct sh_root), 32u);
	if (grow_by(s, &s->table_slab, 1) ||
	    grow_by(s, &s->to_slab, RESERVE_DIRECTORIES)) {
		return -1;
	}
	for (u32 i = 0; i < RESERVE_PAGES; i++) {
		struct sh_page *p = new_page(s);

		if (!p) {
			return -1;
		}
		p->next = s->free_pages;
		s->free_pages = p;
		s->free_count++;
	}
	return 0;
}
