/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time by the processor's cycle counter.
 */
#pragma once

#include <stdint.h>

static inline uint64_t tsc_read(void)
{
	uint64_t value;

	__asm__ volatile("rdtsc" : "=A"(value));
	return value;
}

/* It counts @khz * 1000 times a second. Time 0 is now. */
void tsc_start(uint32_t khz);
uint64_t tsc_ns(void); /* since then */
