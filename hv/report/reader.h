/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where parsers of guest memory get their bytes: the guest in the hypervisor,
 * an array in host tests.
 */
#pragma once

#include "hv/lib/types.h"

struct reader {
	/* Copy [@at, @at + @len) to @dst. Returns 0 (all copied) or -1. */
	int (*read)(void *ctx, u32 at, void *dst, u32 len);
	void *ctx;
};

static inline int reader_read(const struct reader *r, u32 at, void *dst,
			      u32 len)
{
	return r->read(r->ctx, at, dst, len);
}
