/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disk of a guest: bytes in the hypervisor's memory.
 */
#pragma once

#include "hv/dev/virtio.h"

/* Bytes. A part of a sector at the end of a disk is not there. */
#define VBLK_SECTOR_SIZE 512u

/* What a disk consists of. Writes change it in place. */
struct vblk_disk {
	u8 *bytes;
	u32 size;
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
	struct vblk_disk disk;
	u32 number;    /* among the guest's disks; part of its serial */
	u32 refused;   /* writes to a disk that is read-only */
	u32 budget;    /* bytes that may yet be moved now */
	bool is_begun; /* the request below waits to be gone on with */
	struct vblk_request request;
};

extern const struct virtio_model vblk_model;

/* Connect a disk; @b->disk and number are set. */
void vblk_set_up(struct vblk *b);
