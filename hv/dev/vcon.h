/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The console device of a guest.
 */
#pragma once

#include "hv/dev/virtio_pci.h"

struct vcon {
	struct virtio_pci pci;
};

/* To the state after power-up. */
void vcon_reset(struct vcon *c);
