/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all virtio devices have in common, whatever transports them.
 *
 * Next: hv/dev/virtio_pci.c, hv/dev/lgbus.c; hv/dev/vcon.c.
 */
#include "hv/dev/virtio.h"

void virtio_reset(struct virtio_dev *d)
{
	for (u32 i = 0; i < VIRTIO_QUEUES_MAX; i++) {
		virtq_reset(&d->vq[i], d->guest->p2m);
	}
	d->features = 0;
	d->is_live = false;
	d->needs_reset = false;
	d->isr = 0;
	d->more = 0;
	if (d->model->reset) {
		d->model->reset(d);
	}
}

void virtio_init(struct virtio_dev *d, const struct virtio_model *model,
		 struct virtio_guest *guest, u32 line)
{
	d->model = model;
	d->guest = guest;
	for (u32 i = 0; i < VIRTIO_QUEUES_MAX; i++) {
		d->line[i] = line;
	}
	virtio_reset(d);
}

static void interrupt(struct virtio_dev *d, u32 queue, u32 cause)
{
	d->isr |= cause;
	virq_raise(d->guest->virq, d->line[queue]);
}

/* VIRTIO 1.0 2.1.2 "Device Requirements: Device Status Field". */
static void need_reset(struct virtio_dev *d, u32 queue)
{
	if (!d->needs_reset) {
		d->needs_reset = true;
		interrupt(d, queue, VIRTIO_ISR_CONFIG);
	}
}

void virtio_kick(struct virtio_dev *d, u32 queue)
{
	struct virtq *q;
	u32 work;

	if (queue >= d->model->queues || !d->is_live) {
		return;
	}
	q = &d->vq[queue];
	if (!q->is_enabled || q->is_broken) {
		return;
	}
	work = d->model->run(d, queue);
	if (work & VIRTIO_DONE && virtq_wants_interrupt(q)) {
		interrupt(d, queue, VIRTIO_ISR_QUEUE);
	}
	if (unlikely(q->is_broken)) {
		need_reset(d, queue);
	} else if (work & VIRTIO_MORE) {
		d->more |= 1u << queue;
		d->guest->has_more = true;
	}
}

void virtio_go_on(struct virtio_dev *d)
{
	u32 more = d->more;

	d->more = 0;
	for (u32 i = 0; more; i++, more >>= 1) {
		if (more & 1) {
			virtio_kick(d, i);
		}
	}
}
