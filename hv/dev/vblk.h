/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disk of a guest: the model, and what it asks of the store that keeps the
 * disk's bytes.
 */
#pragma once

#include "hv/dev/virtio.h"

#define VBLK_SECTOR_SIZE 512u /* bytes */

/*
 * Bytes to be moved between a store and guest memory. All of them are within
 * both; they need not be whole sectors, for a driver may cut those anywhere.
 */
struct vblk_move {
	struct p2m *p2m;
	gpa_t gpa;
	u64 at; /* in the store */
	u32 len;
	bool is_write; /* into the store */
};

/*
 * The backend of a disk. A store that answers later fits as well: a request
 * keeps its place between two runs of its queue (struct vblk_request), so
 * move() would say that it has only begun, and what completes it would have
 * the queue run again by virtio_kick().
 */
struct vblk_store {
	/* Returns -1 when the bytes cannot be moved: an I/O error. */
	int (*move)(void *ctx, const struct vblk_move *m);
	void *ctx;
	u64 size; /* bytes: whole sectors */
	bool is_read_only;
};

/* A request being served. */
struct vblk_request {
	struct virtq_chain chain;
	bool is_malformed; /* it has no whole header */
	u32 type;
	u64 at;	     /* next byte of the disk */
	u32 left;    /* bytes it may yet move */
	u32 written; /* bytes of data for the driver */
	u32 room;    /* for such bytes, as far as it was looked at */
	gpa_t status;
	bool has_status;
};

struct vblk {
	struct virtio_dev dev;
	struct vblk_store store;
	u32 number;    /* among the guest's disks; part of its serial */
	u32 refused;   /* writes to a disk that is read-only */
	u32 budget;    /* bytes that may yet be moved now */
	bool is_begun; /* the request below waits to be gone on with */
	struct vblk_request request;
};

extern const struct virtio_model vblk_model;

/* Before the device is added: @b->store and number are set. */
void vblk_set_up(struct vblk *b);
