/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The entropy device of a guest: the model, and what it asks of the source
 * behind it.
 */
#pragma once

#include "hv/dev/virtio.h"

/* The backend: fill() puts @len random bytes to @to, at once. */
struct vrng_source {
	void (*fill)(void *ctx, u8 *to, u32 len);
	void *ctx;
};

struct vrng {
	struct virtio_dev dev;
	struct vrng_source source;
};

extern const struct virtio_model vrng_model;
