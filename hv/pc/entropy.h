/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random bytes for guests.
 */
#pragma once

#include "hv/lib/types.h"

/* Find out what there is to draw from, and say so. */
void entropy_init(void);

/* Fill @to with @len random bytes. @ctx is not used. */
void entropy_fill(void *ctx, u8 *to, u32 len);
