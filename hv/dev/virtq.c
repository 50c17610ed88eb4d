/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtqueue engine.
 *
 *	desc[num]   {addr, len, flags, next}	written by the driver
 *	avail	    {flags, idx, ring[num]}	written by the driver
 *	used	    {flags, idx, {id, len}[num]} written here
 *
 * I1  Everything in a ring is read once, into a local, and judged there.
 * I2  A chain is left after at most num descriptors, and its buffers are
 *     checked to be RAM before they are given out.
 * I3  Rings that make no sense break the queue: nothing of it is served
 *     until the driver resets the device.
 *
 * No notification is ever suppressed (used.flags stays 0), so that a request
 * made while the queue is served is announced like any other, and a device
 * that stops before the queue is empty loses none.
 *
 * Distrusts the driver in everything.
 *
 * Rules: VIRTIO 1.0 2.4; lguest ABI 8.7. Next: hv/dev/virtio.c.
 */
#include "hv/dev/virtq.h"

#include <string.h>

#define DESC_NEXT     1u
#define DESC_WRITE    2u
#define DESC_INDIRECT 4u

#define AVAIL_NO_INTERRUPT 1u

#define DESC_BYTES	16u
#define RING_IDX	2u /* offset of idx in both rings */
#define RING_ENTRIES	4u
#define AVAIL_BYTES(n)	(RING_ENTRIES + 2u * (n) + 2)
#define USED_BYTES(n)	(RING_ENTRIES + 8u * (n) + 2)
#define USED_ENTRY_SIZE 8u

#define DESC_ALIGN  16u
#define AVAIL_ALIGN 2u
#define USED_ALIGN  4u

_Static_assert(sizeof(struct virtq_desc) == DESC_BYTES, "VIRTIO 1.0 2.4.5");

void virtq_reset(struct virtq *q, struct p2m *p2m)
{
	*q = (struct virtq){ .p2m = p2m, .num = VIRTQ_NUM_MAX };
}

static bool is_placed(const struct virtq *q, gpa_t at, u32 align, u32 bytes)
{
	return LO32(gpa_raw(at)) % align == 0 &&
	       gaccess_is_ram(q->p2m, at, bytes);
}

int virtq_enable(struct virtq *q)
{
	if (!is_placed(q, q->desc, DESC_ALIGN, DESC_BYTES * q->num) ||
	    !is_placed(q, q->avail, AVAIL_ALIGN, AVAIL_BYTES(q->num)) ||
	    !is_placed(q, q->used, USED_ALIGN, USED_BYTES(q->num))) {
		return -1;
	}
	q->is_enabled = true;
	return 0;
}

static bool broken(struct virtq *q)
{
	q->is_broken = true;
	return false;
}

static bool read16(struct virtq *q, gpa_t ring, u32 offset, u16 *v)
{
	return gaccess_read(q->p2m, v, gpa_add(ring, offset), sizeof(*v)) == 0;
}

/* Make descriptor @i the current one of @c. */
static bool load(struct virtq_chain *c, u16 i)
{
	struct virtq *q = c->q;
	bool was_writable = c->now.flags & DESC_WRITE;

	if (i >= q->num || c->left == 0 ||
	    gaccess_read(q->p2m, &c->now, gpa_add(q->desc, (u64)i * DESC_BYTES),
			 DESC_BYTES)) {
		return broken(q);
	}
	c->left--;
	if (c->now.flags & DESC_INDIRECT ||
	    (was_writable && !(c->now.flags & DESC_WRITE)) ||
	    !gaccess_is_ram(q->p2m, mk_gpa(c->now.addr), c->now.len)) {
		return broken(q);
	}
	return true;
}

bool virtq_pop(struct virtq *q, struct virtq_chain *c)
{
	u16 idx, waiting;

	if (!q->is_enabled || q->is_broken) {
		return false;
	}
	if (!read16(q, q->avail, RING_IDX, &idx)) {
		return broken(q);
	}
	waiting = (u16)(idx - q->avail_next);
	if (waiting == 0) {
		return false;
	}
	*c = (struct virtq_chain){ .q = q, .left = q->num };
	if (waiting > q->num ||
	    !read16(q, q->avail,
		    RING_ENTRIES + q->avail_next % q->num * (u32)sizeof(u16),
		    &c->head)) {
		return broken(q);
	}
	q->avail_next++;
	return load(c, c->head);
}

void virtq_undo(struct virtq_chain *c)
{
	c->q->avail_next--;
}

/* Step to a descriptor with bytes in the wanted part. */
static bool seek(struct virtq_chain *c, bool is_writable)
{
	while (!c->q->is_broken) {
		bool here = c->now.flags & DESC_WRITE;

		if (here && !is_writable) {
			return false;
		}
		if (here == is_writable && c->now.len > 0) {
			return true;
		}
		if (!(c->now.flags & DESC_NEXT) || !load(c, c->now.next)) {
			return false;
		}
	}
	return false;
}

bool virtq_piece(struct virtq_chain *c, bool is_writable, u32 max,
		 struct virtq_piece *p)
{
	if (max == 0 || !seek(c, is_writable)) {
		return false;
	}
	p->at = mk_gpa(c->now.addr);
	p->len = min_u32(max, c->now.len);
	c->now.addr += p->len;
	c->now.len -= p->len;
	p->is_last = c->now.len == 0 && !(c->now.flags & DESC_NEXT);
	return true;
}

u32 virtq_read(struct virtq_chain *c, void *dst, u32 len)
{
	struct virtq_piece p;
	u32 done = 0;

	while (virtq_piece(c, false, len - done, &p)) {
		if (gaccess_read(c->q->p2m, (u8 *)dst + done, p.at, p.len)) {
			break;
		}
		done += p.len;
	}
	return done;
}

u32 virtq_write(struct virtq_chain *c, const void *src, u32 len)
{
	struct virtq_piece p;
	u32 done = 0;

	while (virtq_piece(c, true, len - done, &p)) {
		if (gaccess_write(c->q->p2m, p.at, (const u8 *)src + done,
				  p.len)) {
			break;
		}
		done += p.len;
	}
	return done;
}

void virtq_push(struct virtq_chain *c, u32 written)
{
	struct virtq *q = c->q;
	const u32 entry[] = { c->head, written };
	u32 at = RING_ENTRIES + q->used_next % q->num * USED_ENTRY_SIZE;
	u16 idx = (u16)(q->used_next + 1);

	/* The entry before the counter that announces it. */
	if (q->is_broken ||
	    gaccess_write(q->p2m, gpa_add(q->used, at), entry, sizeof(entry)) ||
	    gaccess_write(q->p2m, gpa_add(q->used, RING_IDX), &idx,
			  sizeof(idx))) {
		broken(q);
		return;
	}
	q->used_next = idx;
}

bool virtq_wants_interrupt(struct virtq *q)
{
	u16 flags;

	return read16(q, q->avail, 0, &flags) && !(flags & AVAIL_NO_INTERRUPT);
}
