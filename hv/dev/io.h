/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's access to an I/O port or to a register of a device, and what
 * became of it. Everything that may own an address answers in this way.
 */
#pragma once

#include "hv/lib/types.h"

struct io_access {
	u8 width; /* bytes: 1, 2 or 4 */
	bool is_write;
	/*
	 * What is written, in its low @width bytes. A read puts its result
	 * there, with the other bytes zero, and leaves it alone when nobody
	 * answers.
	 */
	u32 value;
};

enum io_result {
	IO_DONE,
	IO_UNHANDLED, /* nobody owns that address */
};

/* The value of a read to which nobody answers, @width (1 to 4) bytes. */
static inline u32 io_ones(u32 width)
{
	return ~0u >> (32 - 8 * width);
}
