/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The console device of a guest.
 */
#pragma once

#include "hv/dev/virtio.h"

struct vcon {
	struct virtio_dev dev;
};

extern const struct virtio_model vcon_model;

/* Before the device is added: a screen's size is offered, if there is one. */
void vcon_set_up(struct vcon *c);

/* Something may have been typed: hand it to the guest, if it waits for it. */
void vcon_poll(struct vcon *c);
