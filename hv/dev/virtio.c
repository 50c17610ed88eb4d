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
		virtq_reset(&d->vq[i], d->p2m);
	}
	d->features = 0;
	d->is_live = false;
	d->needs_reset = false;
	d->isr = 0;
	if (d->model->reset) {
		d->model->reset(d);
	}
}

void virtio_init(struct virtio_dev *d, const struct virtio_model *model,
		 struct p2m *p2m, struct virq *virq, u32 line)
{
	d->model = model;
	d->p2m = p2m;
	d->virq = virq;
	for (u32 i = 0; i < VIRTIO_QUEUES_MAX; i++) {
		d->line[i] = line;
	}
	virtio_reset(d);
}

static void interrupt(struct virtio_dev *d, u32 queue, u32 cause)
{
	d->isr |= cause;
	virq_raise(d->virq, d->line[queue]);
}

void virtio_kick(struct virtio_dev *d, u32 queue)
{
	struct virtq *q;
	bool is_done;

	if (queue >= d->model->queues || !d->is_live) {
		return;
	}
	q = &d->vq[queue];
	if (!q->is_enabled || q->is_broken) {
		return;
	}
	is_done = d->model->run(d, queue);
	if (is_done && virtq_wants_interrupt(q)) {
		interrupt(d, queue, VIRTIO_ISR_QUEUE);
	}
	if (q->is_broken && !d->needs_reset) {
		/* VIRTIO 1.0 2.1.2 "Device Requirements: Device Status Field"
		 */
		d->needs_reset = true;
		interrupt(d, queue, VIRTIO_ISR_CONFIG);
	}
}
