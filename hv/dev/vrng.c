/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The entropy model: fills what the driver offers.
 *
 * LIMIT: at most FILL_MAX bytes for one buffer, for that is done at once; the
 * driver learns how many it got and may ask again.
 *
 * Rules: VIRTIO 1.0 5.4 "Entropy Device".
 */
#include "hv/dev/vrng.h"

#define DEVICE_ID     4
#define CLASS_UNKNOWN 0xff00

#define BATCH	 64
#define FILL_MAX 4096

static u32 fill(struct vrng *r, struct virtq_chain *c)
{
	u8 bytes[BATCH];
	struct virtq_piece p;
	u32 done = 0;

	while (done < FILL_MAX && virtq_piece(c, true, sizeof(bytes), &p)) {
		r->source.fill(r->source.ctx, bytes, p.len);
		if (gaccess_write(c->q->p2m, p.at, bytes, p.len)) {
			break;
		}
		done += p.len;
	}
	return done;
}

static u32 run(struct virtio_dev *d, u32 queue)
{
	struct vrng *r = container_of(d, struct vrng, dev);
	struct virtq *q = &d->vq[queue];
	struct virtq_chain c;
	u32 done = 0;

	while (done < q->num && virtq_pop(q, &c)) {
		virtq_push(&c, fill(r, &c));
		done++;
	}
	return done ? VIRTIO_DONE : VIRTIO_IDLE;
}

const struct virtio_model vrng_model = {
	.id = DEVICE_ID,
	.queues = 1,
	.pci_class = CLASS_UNKNOWN,
	.run = run,
};
