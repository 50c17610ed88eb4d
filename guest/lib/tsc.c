// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cycles to nanoseconds: one multiplication by ns per cycle, in 2^-SHIFT.
 */
#include "guest/lib/tsc.h"

#include <stddef.h>

#include "guest/lib/div.h"

/* The most that fits 32 bits for counters of 140 MHz and more. */
#define SHIFT	  28
#define KHZ_MIN	  140000u
#define NS_PER_MS 1000000u

static uint64_t start;
static uint32_t scale;

void tsc_start(uint32_t khz)
{
	if (khz < KHZ_MIN) {
		khz = KHZ_MIN;
	}
	scale = (uint32_t)div64((uint64_t)NS_PER_MS << SHIFT, khz, NULL);
	start = tsc_read();
}

uint64_t tsc_ns(void)
{
	uint64_t cycles = tsc_read() - start;
	uint64_t high = (cycles >> 32) * scale;
	uint64_t low = (cycles & UINT32_MAX) * scale;

	return (high << (32 - SHIFT)) + (low >> SHIFT);
}
