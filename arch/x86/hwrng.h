/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processor's random number generator.
 */
#pragma once

#include "hv/lib/types.h"

/* Ask the processor which instructions it has. Returns whether any. */
bool hwrng_init(void);

/* 32 random bits. False: there is no generator, or it has none to give. */
bool hwrng_read(u32 *v);
