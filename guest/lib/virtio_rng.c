// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * VIRTIO 1.0 5.4: each buffer offered comes back with random bytes.
 */
#include "guest/lib/virtio_rng.h"

#include <stddef.h>
#include <string.h>

#include "guest/lib/hcall.h"
#include "guest/lib/virtio.h"

#define BUFFER_SIZE 64
#define WAIT_TRIES  10000000u

static struct virtio_device device;
static struct virtqueue queue;
static uint8_t buffer[BUFFER_SIZE];

int vrng_open(void)
{
	if (virtio_open(&device, VIRTIO_RNG, 0, 0) ||
	    virtqueue_open(&queue, &device, 0)) {
		return -1;
	}
	virtqueue_want_interrupts(&queue, false);
	virtio_start(&device);
	return 0;
}

uint32_t vrng_read(void *to, uint32_t n)
{
	const struct virtio_buffer b = { sdk_pa(buffer), BUFFER_SIZE, true };
	uint32_t tries = WAIT_TRIES;
	uint32_t bytes = 0;

	/* A request that was not answered in time is still there. */
	if (queue.free_count == queue.size) {
		(void)virtqueue_add(&queue, &b, 1, buffer);
		virtqueue_kick(&queue);
	}
	while (!virtqueue_take(&queue, &bytes)) {
		if (!--tries) {
			return 0;
		}
	}
	if (bytes > BUFFER_SIZE) {
		bytes = BUFFER_SIZE;
	}
	if (bytes > n) {
		bytes = n;
	}
	memcpy(to, buffer, bytes);
	return bytes;
}
