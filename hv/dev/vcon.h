/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The console device of a guest: the model, and what it asks of the console
 * behind it.
 */
#pragma once

#include "hv/dev/virtio.h"

/* In characters; 0: unknown. */
struct vcon_size {
	u16 cols, rows;
};

/* The backend of a console. No function fails or waits. */
struct vcon_sink {
	/* Print @len bytes. */
	void (*write)(void *ctx, const char *bytes, u32 len);
	/* Take up to @max bytes that were typed; returns how many those are. */
	u32 (*read)(void *ctx, u8 *to, u32 max);
	struct vcon_size (*size)(void *ctx);
	void *ctx;
};

struct vcon {
	struct virtio_dev dev;
	struct vcon_sink sink;
};

extern const struct virtio_model vcon_model;

/*
 * Before the device is added: @c->sink is set. A size is offered, if it is
 * known.
 */
void vcon_set_up(struct vcon *c);

/* Something may have been typed: hand it to the guest, if it waits for it. */
void vcon_poll(struct vcon *c);

/* Print the text at guest-physical @a, up to its end or that of memory. */
void vcon_print_text(struct vcon *c, gpa_t a);
