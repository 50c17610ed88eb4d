/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bus of kernels up to 3.19: a page of device descriptors behind the
 * guest's RAM, and rings behind that. Rules: lguest ABI 11.2, 11.3.
 */
#pragma once

#include "hv/dev/io.h"
#include "hv/dev/virtio.h"

#define LGBUS_DEVICES_MAX 31
#define LGBUS_FIRST_LINE  1

/* Frames that each queue's ring takes, and the page of descriptors. */
#define LGBUS_RING_FRAMES 3
#define LGBUS_PAGE_FRAMES 1

struct lgbus_slot {
	struct virtio_dev *dev;
	u32 descriptor; /* offset in the page */
	gfn_t ring;	/* of the first queue */
};

struct lgbus {
	struct p2m *p2m;
	gfn_t page;
	u32 size;    /* of the descriptors so far */
	gfn_t rings; /* the next free frame */
	u32 line;    /* the next free interrupt line */
	u32 count;
	struct lgbus_slot slot[LGBUS_DEVICES_MAX];
};

/* How many frames a bus takes whose devices have @queues in total. */
static inline u32 lgbus_frames(u32 queues)
{
	return LGBUS_PAGE_FRAMES + queues * LGBUS_RING_FRAMES;
}

/* An empty bus whose page is guest frame @page, zeroed memory. */
void lgbus_init(struct lgbus *b, struct p2m *p2m, gfn_t page);

/*
 * Add @dev, which has been reset, with rings in the next frames, which are
 * zeroed memory too.
 */
void lgbus_add(struct lgbus *b, struct virtio_dev *dev);

/*
 * The guest notifies of guest-physical @a. The bus owns the addresses of its
 * queues and descriptors; any other is that of a text to print.
 */
enum io_result lgbus_notify(struct lgbus *b, gpa_t a);
