/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The entropy device of a guest.
 */
#pragma once

#include "hv/dev/virtio.h"

/* Where random bytes come from: fills @to with @len of them. */
struct vrng_source {
	void (*fill)(void *ctx, u8 *to, u32 len);
	void *ctx;
};

struct vrng {
	struct virtio_dev dev;
	struct vrng_source source;
};

extern const struct virtio_model vrng_model;
