/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page-frame allocator. Owns the frame table: one entry per frame of the
 * machine, and through it the answer to "whose frame is this?".
 *
 * Free memory is kept as blocks of 2^order frames, each aligned to its size.
 * The two halves of a block are buddies: their numbers differ in one bit, so
 * either finds the other without a search. A block's list links and order
 * live in the table entry of its first frame. Links are frame numbers, hence
 * high frames, which have no mapping, need none.
 *
 * I1  Every frame has exactly one owner; count[] and count_low[] add up to it.
 * I2  FRAME_FREE frames, and no others, lie in a block on a free list.
 * I3  entry.order is NOT_HEAD except in the first frame of a free block.
 * I4  No block spans the low limit.
 * I5  Two free buddies of one zone never stay apart: a run of frames that
 *     could be a block is inside one.
 * I6  Frame 0 is never free, so 0 ends a list.
 *
 * Distrusts its callers: giving back what one does not own is a panic. No
 * guest chooses a frame number that arrives here (p2m translates first).
 *
 * Next: mm/hvmap.c, which maps these frames.
 */
#include "mm/pfa.h"

#include "hv/lib/panic.h"

#define LINK_MASK (PFA_MFN_LIMIT - 1)
#define NOT_HEAD  0xffu

struct pfa_frame {
	u32 next : 24;
	u32 order : 8;
	u32 prev : 24;
	u32 owner : 8;
};
_Static_assert(sizeof(struct pfa_frame) == 8, "frame table entry");
_Static_assert(FRAME_OWNERS <= 0xff, "owner fits its field");
_Static_assert(PFA_MAX_ORDER < NOT_HEAD, "order fits its field");

static u32 zone_of(const struct pfa *p, u32 f)
{
	return f < p->low_limit ? 0 : 1;
}

/* Somebody who can hold RAM: neither NONE nor FREE. */
static bool is_holder(enum frame_owner owner)
{
	return owner > FRAME_FREE && owner < FRAME_OWNERS;
}

/* The only place where a tag changes, so that the counts stay right (I1). */
static void set_owner(struct pfa *p, u32 f, enum frame_owner to)
{
	u32 from = p->frame[f].owner;

	p->count[from]--;
	p->count[to]++;
	if (f < p->low_limit) {
		p->count_low[from]--;
		p->count_low[to]++;
	}
	p->frame[f].owner = to & 0xff;
}

/* --- free lists --- */

static void list_push(struct pfa *p, u32 f, u32 order)
{
	u32 *head = &p->free[zone_of(p, f)][order];

	p->frame[f].next = *head & LINK_MASK;
	p->frame[f].prev = 0;
	p->frame[f].order = order & 0xff;
	if (*head) {
		p->frame[*head].prev = f & LINK_MASK;
	}
	*head = f;
}

static void list_remove(struct pfa *p, u32 f, u32 order)
{
	struct pfa_frame *e = &p->frame[f];

	/* A link that leads anywhere else means that somebody wrote here. */
	BUG_ON(e->order != order || e->owner != FRAME_FREE);
	if (e->prev) {
		p->frame[e->prev].next = e->next;
	} else {
		p->free[zone_of(p, f)][order] = e->next;
	}
	if (e->next) {
		p->frame[e->next].prev = e->prev;
	}
	e->order = NOT_HEAD;
}

/* Is there a whole free block of @order at @f, in the zone of @peer? */
static bool is_free_block(const struct pfa *p, u32 f, u32 order, u32 peer)
{
	return f < p->max_mfn && zone_of(p, f) == zone_of(p, peer) &&
	       p->frame[f].order == order;
}

/*
 * Put a block of FRAME_FREE frames on the lists, joined with its buddy for as
 * long as that one is free too (I5). Buddies of one zone make a block of that
 * zone, so I4 needs no other check.
 */
static void block_insert(struct pfa *p, u32 f, u32 order)
{
	while (order < PFA_MAX_ORDER) {
		u32 buddy = f ^ (1u << order);

		if (!is_free_block(p, buddy, order, f)) {
			break;
		}
		list_remove(p, buddy, order);
		f &= buddy;
		order++;
	}
	list_push(p, f, order);
}

/* Order of the largest aligned block that begins at @f and ends by @end. */
static u32 largest_order(const struct pfa *p, u32 f, u32 end)
{
	u32 order = 0;

	if (f < p->low_limit) {
		end = min_u32(end, p->low_limit);
	}
	while (order < PFA_MAX_ORDER && !(f & (1u << order)) &&
	       end - f >= 2u << order) {
		order++;
	}
	return order;
}

/* Tag the frames [f, end) as free and put them on the lists. */
static void insert_run(struct pfa *p, u32 f, u32 end)
{
	while (f < end) {
		u32 order = largest_order(p, f, end);
		u32 next = f + (1u << order);
		u32 i;

		for (i = f; i < next; i++) {
			set_owner(p, i, FRAME_FREE);
		}
		block_insert(p, f, order);
		f = next;
	}
}

/* --- start --- */

static u32 clip_mfn(u32 max_mfn)
{
	return min_u32(max_mfn, PFA_MFN_LIMIT);
}

size_t pfa_table_size(u32 max_mfn)
{
	return (size_t)clip_mfn(max_mfn) * sizeof(struct pfa_frame);
}

/* A host-physical byte address as a frame number, clipped to the table. */
static u32 clip_frame(const struct pfa *p, u64 addr)
{
	return (u32)min_u64(addr >> PAGE_SHIFT, p->max_mfn);
}

static void add_range(struct pfa *p, const struct mem_range *r)
{
	u32 f = clip_frame(p, r->base);
	u32 end = clip_frame(p, r->base + r->len);
	u32 i;

	for (i = f; i < end; i++) {
		/* The map is sanitised: no frame is in two ranges. */
		BUG_ON(p->frame[i].owner != FRAME_NONE);
		if (r->kind == MEM_IN_USE) {
			set_owner(p, i, FRAME_HV);
		}
	}
	if (r->kind == MEM_AVAILABLE) {
		insert_run(p, f ? f : 1, end); /* I6 */
	}
}

void pfa_init(struct pfa *p, void *table, u32 max_mfn, u32 low_limit,
	      const struct memmap *map)
{
	const struct pfa_frame none = { .order = NOT_HEAD,
					.owner = FRAME_NONE };
	u32 i;

	*p = (struct pfa){ .frame = table };
	p->max_mfn = clip_mfn(max_mfn);
	p->low_limit = min_u32(low_limit, p->max_mfn);
	for (i = 0; i < p->max_mfn; i++) {
		p->frame[i] = none;
	}
	p->count[FRAME_NONE] = p->max_mfn;
	p->count_low[FRAME_NONE] = p->low_limit;
	for (i = 0; i < map->count; i++) {
		add_range(p, &map->range[i]);
	}
}

/* --- take and give back --- */

/* Take a block from one zone; 0 when it has none. */
static u32 zone_alloc(struct pfa *p, u32 zone, u32 order)
{
	u32 o = order;
	u32 f;

	while (o < PFA_MAX_ORDER && !p->free[zone][o]) {
		o++;
	}
	f = p->free[zone][o];
	if (!f) {
		return 0;
	}
	list_remove(p, f, o);
	/* Too big: keep the lower half, the upper one is free again. */
	while (o > order) {
		o--;
		list_push(p, f + (1u << o), o);
	}
	return f;
}

mfn_t pfa_alloc(struct pfa *p, u32 order, enum pfa_zone zone,
		enum frame_owner owner)
{
	u32 first_zone = zone == PFA_HIGH ? 1 : 0;
	u32 f, i;

	BUG_ON(order > PFA_MAX_ORDER || !is_holder(owner));
	f = zone_alloc(p, first_zone, order);
	if (!f && zone != PFA_LOW) {
		f = zone_alloc(p, !first_zone, order);
	}
	if (!f) {
		return INVALID_mfn;
	}
	for (i = 0; i < 1u << order; i++) {
		set_owner(p, f + i, owner);
	}
	return mk_mfn(f);
}

/* Ends us unless all @n frames at @f are RAM that belongs to @owner. */
static void check_owned(const struct pfa *p, u32 f, u32 n,
			enum frame_owner owner)
{
	u32 i;

	BUG_ON(!is_holder(owner));
	BUG_ON(n > p->max_mfn || f > p->max_mfn - n);
	for (i = f; i < f + n; i++) {
		if (p->frame[i].owner != owner) {
			panic("pfa: frame 0x%x is %s, expected %s", i,
			      frame_owner_name(pfa_owner(p, mk_mfn(i))),
			      frame_owner_name(owner));
		}
	}
}

void pfa_free(struct pfa *p, mfn_t first, u32 order, enum frame_owner owner)
{
	u32 f = mfn_raw(first);
	u32 n;

	BUG_ON(order > PFA_MAX_ORDER);
	n = 1u << order;
	BUG_ON(f & (n - 1));
	check_owned(p, f, n, owner);
	/* Frames taken apart may lie on both sides of the low limit. */
	insert_run(p, f, f + n);
}

/* --- questions --- */

enum frame_owner pfa_owner(const struct pfa *p, mfn_t f)
{
	if (mfn_raw(f) >= p->max_mfn) {
		return FRAME_NONE;
	}
	return (enum frame_owner)p->frame[mfn_raw(f)].owner;
}

u32 pfa_count(const struct pfa *p, enum frame_owner owner)
{
	return p->count[owner];
}

u32 pfa_count_low(const struct pfa *p, enum frame_owner owner)
{
	return p->count_low[owner];
}

const char *frame_owner_name(enum frame_owner owner)
{
	static const char *const name[FRAME_OWNERS] = {
		[FRAME_NONE] = "none",	   [FRAME_FREE] = "free",
		[FRAME_HV] = "hypervisor", [FRAME_GUEST] = "guest",
		[FRAME_SHADOW] = "shadow",
	};

	return owner < FRAME_OWNERS ? name[owner] : "?";
}
