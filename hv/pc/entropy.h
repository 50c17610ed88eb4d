/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random bytes for guests.
 */
#pragma once

#include "hv/lib/types.h"

/* Find the sources of random bits, and log them. */
void entropy_init(void);

/* Fill @to with @len random bytes. @ctx is not used. */
void entropy_fill(void *ctx, u8 *to, u32 len);
