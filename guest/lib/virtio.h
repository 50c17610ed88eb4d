/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drivers' side of virtio 1.0 over PCI: a device, its queues, and buffers
 * that go there and come back.
 *
 *	virtio_open(), virtqueue_open() for each queue, virtio_start();
 *	virtqueue_add(), virtqueue_kick(); later virtqueue_take()
 *
 * Nothing here waits or allocates. Memory is named by physical address.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define VIRTIO_NET     1
#define VIRTIO_BLOCK   2
#define VIRTIO_CONSOLE 3
#define VIRTIO_RNG     4

#define VIRTQ_MAX 32 /* descriptors we use of each queue */

struct virtio_device {
	volatile uint8_t *common, *notify, *isr, *config;
	uint32_t notify_step;
	uint32_t features; /* of the first 32, those both sides have */
	uint32_t irq;	   /* line */
};

struct virtq_descriptor {
	uint64_t pa;
	uint32_t size;
	uint16_t flags, next;
};

struct virtq_used {
	uint32_t head, bytes;
};

struct virtqueue {
	/* The three parts the device knows. */
	struct virtq_descriptor descriptor[VIRTQ_MAX];
	struct {
		uint16_t flags, index, head[VIRTQ_MAX], unused;
	} available;
	struct {
		uint16_t flags, index;
		struct virtq_used of[VIRTQ_MAX];
		uint16_t unused[2];
	} used __attribute__((aligned(4)));

	/* Ours. */
	struct virtio_device *device;
	volatile uint8_t *notify;
	uint16_t number;
	uint16_t size;
	uint16_t free, free_count; /* list by .next */
	uint16_t seen;		   /* of used.index */
	uint16_t kicked;	   /* available.index at the last kick */
	void *token[VIRTQ_MAX];
} __attribute__((aligned(16)));

struct virtio_buffer {
	uint32_t pa, size;
	bool is_input; /* the device writes it */
};

/*
 * Find device number @nth of @type, reset it, agree on those of @features
 * (bits 0 to 31) that it has. 0, or -1: there is none, or none we can drive.
 */
int virtio_open(struct virtio_device *d, uint32_t type, uint32_t nth,
		uint32_t features);
/* @q is memory of the image. 0, or -1: no such queue. */
int virtqueue_open(struct virtqueue *q, struct virtio_device *d,
		   uint32_t number);
void virtio_start(struct virtio_device *d);
/* For an interrupt handler: whose was it? False: not this device's. */
bool virtio_interrupt(struct virtio_device *d);
uint32_t virtio_config32(const struct virtio_device *d, uint32_t at);

/*
 * Offer @count buffers as one request; @token (not NULL) comes back when the
 * device is done with them. 0, or -1: no room.
 */
int virtqueue_add(struct virtqueue *q, const struct virtio_buffer *buffer,
		  uint32_t count, void *token);
/* Tell the device of all that was added. */
void virtqueue_kick(struct virtqueue *q);
/* The token of a request that is done, or NULL; *@bytes were written. */
void *virtqueue_take(struct virtqueue *q, uint32_t *bytes);
/* Does the device interrupt when a request is done? At first it does. */
void virtqueue_want_interrupts(struct virtqueue *q, bool wants);

/*
 * paging.c's, or the guest's own: registers of a device at physical address
 * @pa; NULL: they cannot be mapped.
 */
volatile void *sdk_map_device(uint32_t pa, uint32_t size);
