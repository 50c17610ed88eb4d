// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * VIRTIO 1.0 5.2: a request is a header, data, and a byte for the outcome.
 */
#include "guest/lib/virtio_block.h"

#include <stddef.h>

#include "guest/lib/hcall.h"
#include "guest/lib/virtio.h"

#define FEATURE_RO    (1u << 5)
#define FEATURE_FLUSH (1u << 9)

#define TYPE_IN	   0
#define TYPE_OUT   1
#define TYPE_FLUSH 4

#define CONFIG_CAPACITY 0 /* u64 */

static struct virtio_device device;
static struct virtqueue queue;
static uint64_t sectors;

int vblock_open(void)
{
	if (virtio_open(&device, VIRTIO_BLOCK, 0, FEATURE_RO | FEATURE_FLUSH) ||
	    virtqueue_open(&queue, &device, 0)) {
		return -1;
	}
	virtio_start(&device);
	sectors = virtio_config32(&device, CONFIG_CAPACITY) |
		  (uint64_t)virtio_config32(&device, CONFIG_CAPACITY + 4) << 32;
	return (int)device.irq;
}

uint64_t vblock_sectors(void)
{
	return sectors;
}

static int add(struct block_request *r, enum block_kind kind, uint32_t pa,
	       uint32_t bytes)
{
	const struct virtio_buffer header = { sdk_pa(&r->header),
					      sizeof(r->header), false };
	const struct virtio_buffer data = { pa, bytes, kind == BLOCK_READ };
	const struct virtio_buffer status = { sdk_pa(&r->status), 1, true };

	if (kind == BLOCK_FLUSH) {
		const struct virtio_buffer all[] = { header, status };

		return virtqueue_add(&queue, all, 2, r);
	} else {
		const struct virtio_buffer all[] = { header, data, status };

		return virtqueue_add(&queue, all, 3, r);
	}
}

int vblock_start(struct block_request *r, enum block_kind kind, uint64_t sector,
		 uint32_t pa, uint32_t bytes)
{
	static const uint32_t type[] = { TYPE_IN, TYPE_OUT, TYPE_FLUSH };

	r->is_done = false;
	r->has_failed = false;
	r->status = UINT8_MAX;
	r->header.type = type[kind];
	r->header.reserved = 0;
	r->header.sector = sector;
	if (kind == BLOCK_FLUSH && !(device.features & FEATURE_FLUSH)) {
		r->is_done = true; /* it has no cache */
		return 0;
	}
	if (kind == BLOCK_WRITE && (device.features & FEATURE_RO)) {
		return -1;
	}
	if (add(r, kind, pa, bytes)) {
		return -1;
	}
	virtqueue_kick(&queue);
	return 0;
}

bool vblock_collect(void)
{
	struct block_request *r;
	bool any = false;
	uint32_t unused;

	while ((r = virtqueue_take(&queue, &unused))) {
		r->has_failed = r->status;
		r->is_done = true;
		any = true;
	}
	return any;
}

void vblock_want_interrupts(bool wants)
{
	virtqueue_want_interrupts(&queue, wants);
}

bool vblock_interrupt(void)
{
	return virtio_interrupt(&device);
}
