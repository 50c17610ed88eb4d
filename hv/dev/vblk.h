/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A disk of a guest: bytes in the hypervisor's memory.
 */
#pragma once

#include "hv/dev/virtio.h"

/* What a disk consists of. Writes change it in place. */
struct vblk_disk {
	u8 *bytes;
	u32 size;
};

struct vblk {
	struct virtio_dev dev;
	struct vblk_disk disk;
	u32 number; /* among the guest's disks; part of its serial number */
};

extern const struct virtio_model vblk_model;
