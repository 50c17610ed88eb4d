/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The descriptor-page bus.
 *
 *	page	descriptors, one after the other, the last one of type 0
 *	rings	LGBUS_RING_FRAMES for each queue, in order
 *
 * The guest writes into descriptors: status, accepted features. Everything
 * else in them is written once and never read back, so that it does not
 * matter what the guest makes of it.
 *
 * I1  Queues are always where they were put: their addresses are ours.
 *
 * Distrusts the driver: notifications that make no sense are ignored.
 *
 * Next: hv/dev/devices.c.
 */
#include "hv/dev/lgbus.h"

#include <string.h>

/* A descriptor: lguest ABI 11.2. */
#define DESC_TYPE	 0
#define DESC_NUM_QUEUES	 1
#define DESC_FEATURE_LEN 2
#define DESC_CONFIG_LEN	 3
#define DESC_STATUS	 4
#define DESC_FIXED_SIZE	 5

#define DESC_QUEUE_SIZE 8 /* u16 num, u16 irq, u32 pfn */
#define FEATURE_BYTES	4

#define STATUS_FAILED 0x80

/* VIRTIO 1.0 2.4.2 "Legacy Interfaces: A Note on Virtqueue Layout" */
#define RING_AVAIL_FRAME 1
#define RING_USED_FRAME	 2

/* Longest descriptor: two queues, features, and a small configuration. */
#define DESC_MAX 64

static u32 offered(const struct virtio_dev *dev)
{
	u32 legacy = dev->model->legacy_features;

	/* The descriptor of a device without any has no room for them. */
	return legacy ? legacy | dev->own_features : 0;
}

static u32 feature_len(const struct virtio_model *m)
{
	return m->legacy_features ? FEATURE_BYTES : 0;
}

static u32 accepted_offset(const struct virtio_model *m)
{
	return DESC_FIXED_SIZE + (u32)m->queues * DESC_QUEUE_SIZE +
	       feature_len(m);
}

static u32 descriptor_size(const struct virtio_model *m)
{
	return accepted_offset(m) + feature_len(m) + m->legacy_config_size;
}

static gfn_t ring_of(const struct lgbus_slot *s, u32 queue)
{
	return gfn_add(s->ring, queue * LGBUS_RING_FRAMES);
}

static gpa_t descriptor_at(const struct lgbus *b, const struct lgbus_slot *s)
{
	return gpa_add(gfn_to_gpa(b->page), s->descriptor);
}

void lgbus_init(struct lgbus *b, struct p2m *p2m, gfn_t page)
{
	*b = (struct lgbus){ .p2m = p2m,
			     .page = page,
			     .rings = gfn_add(page, LGBUS_PAGE_FRAMES),
			     .line = LGBUS_FIRST_LINE };
}

static void put_queue(u8 *at, const struct lgbus_slot *s, u32 queue)
{
	const u16 num = VIRTQ_NUM_MAX, line = (u16)s->dev->line[queue];
	const u32 frame = gfn_raw(ring_of(s, queue));

	memcpy(at, &num, sizeof(num));
	memcpy(at + 2, &line, sizeof(line));
	memcpy(at + 4, &frame, sizeof(frame));
}

static void put_descriptor(const struct lgbus_slot *s, u8 *d)
{
	const struct virtio_model *m = s->dev->model;
	const u32 features = offered(s->dev);
	u8 *at = d + DESC_FIXED_SIZE;

	d[DESC_TYPE] = m->id;
	d[DESC_NUM_QUEUES] = m->queues;
	d[DESC_FEATURE_LEN] = (u8)feature_len(m);
	d[DESC_CONFIG_LEN] = (u8)m->legacy_config_size;
	for (u32 i = 0; i < m->queues; i++) {
		put_queue(at, s, i);
		at += DESC_QUEUE_SIZE;
	}
	memcpy(at, &features, feature_len(m));
	at += 2 * feature_len(m);
	for (u32 i = 0; i < m->legacy_config_size; i += sizeof(u32)) {
		u32 v = m->read_config(s->dev, i, sizeof(v));

		memcpy(at + i, &v, sizeof(v));
	}
}

void lgbus_add(struct lgbus *b, struct virtio_dev *dev)
{
	struct lgbus_slot *s = &b->slot[b->count];
	u32 size = descriptor_size(dev->model);
	u8 d[DESC_MAX] = { 0 };

	if (b->count == LGBUS_DEVICES_MAX || size > DESC_MAX ||
	    b->size + size > PAGE_SIZE) {
		return;
	}
	*s = (struct lgbus_slot){ dev, b->size, b->rings };
	for (u32 i = 0; i < dev->model->queues; i++) {
		dev->line[i] = b->line++;
	}
	put_descriptor(s, d);
	if (gaccess_write(b->p2m, descriptor_at(b, s), d, size)) {
		return;
	}
	b->count++;
	b->size += size;
	b->rings = gfn_add(b->rings, dev->model->queues * LGBUS_RING_FRAMES);
}

/* --- what the driver does --- */

static void zero_frames(struct p2m *p2m, gfn_t first, u32 frames)
{
	static const u8 zero[PAGE_SIZE];

	for (u32 i = 0; i < frames; i++) {
		if (gaccess_write(p2m, gfn_to_gpa(gfn_add(first, i)), zero,
				  sizeof(zero))) {
			return;
		}
	}
}

static void reset(struct lgbus *b, struct lgbus_slot *s)
{
	const struct virtio_model *m = s->dev->model;
	const u8 zero[FEATURE_BYTES] = { 0 };
	gpa_t accepted = gpa_add(descriptor_at(b, s), accepted_offset(m));

	virtio_reset(s->dev);
	zero_frames(b->p2m, s->ring, m->queues * LGBUS_RING_FRAMES);
	if (gaccess_write(b->p2m, accepted, zero, feature_len(m))) {
		return;
	}
}

static void start(struct lgbus *b, struct lgbus_slot *s)
{
	struct virtio_dev *dev = s->dev;
	const struct virtio_model *m = dev->model;
	gpa_t accepted = gpa_add(descriptor_at(b, s), accepted_offset(m));

	if (gaccess_read(b->p2m, &dev->features, accepted, feature_len(m))) {
		return;
	}
	dev->features &= offered(dev);
	for (u32 i = 0; i < m->queues; i++) {
		struct virtq *q = &dev->vq[i];
		gfn_t ring = ring_of(s, i);

		q->desc = gfn_to_gpa(ring);
		q->avail = gfn_to_gpa(gfn_add(ring, RING_AVAIL_FRAME));
		q->used = gfn_to_gpa(gfn_add(ring, RING_USED_FRAME));
		if (virtq_enable(q)) {
			return;
		}
	}
	dev->is_live = true;
	for (u32 i = 0; i < m->queues; i++) {
		virtio_kick(dev, i);
	}
}

static void status_changed(struct lgbus *b, struct lgbus_slot *s)
{
	u8 status;

	if (gaccess_read(b->p2m, &status,
			 gpa_add(descriptor_at(b, s), DESC_STATUS), 1)) {
		return;
	}
	if (status == 0 || status & STATUS_FAILED) {
		reset(b, s);
	} else if (!s->dev->is_live) {
		start(b, s);
	}
}

enum io_result lgbus_notify(struct lgbus *b, gpa_t a)
{
	for (u32 i = 0; i < b->count; i++) {
		struct lgbus_slot *s = &b->slot[i];

		for (u32 q = 0; q < s->dev->model->queues; q++) {
			if (gpa_eq(a, gfn_to_gpa(ring_of(s, q)))) {
				virtio_kick(s->dev, q);
				return IO_DONE;
			}
		}
		if (gpa_eq(a, descriptor_at(b, s))) {
			status_changed(b, s);
			return IO_DONE;
		}
	}
	return IO_UNHANDLED;
}
