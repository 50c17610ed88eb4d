/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Measuring the rate of a counter by a clock of known rate. Pure: whatever
 * is read comes through function pointers.
 */
#pragma once

#include "hv/lib/types.h"

#define NS_PER_S 1000000000u

/*
 * Something that counts up at a known rate and wraps, or claims so: it may
 * be absent, stand still, jump or run at another rate.
 */
struct clock_source {
	const char *name;
	u32 (*read)(const struct clock_source *s);
	u32 hz;
	u32 mask;	 /* of what read() returns: 2^n - 1 */
	uintptr_t where; /* for read(): a port or an address */
};

/*
 * The rate of the counter that @count reads, by @ref, in Hz. Takes 10 ms of
 * @ref's time, up to 30 when interrupted, and a bounded number of reads
 * whatever @ref does.
 * Returns NULL, or what is wrong.
 */
const char *calibrate(const struct clock_source *ref, u64 (*count)(void),
		      u64 *hz);

struct calibration {
	u32 khz;	   /* the best estimate; 0: no source gave one */
	const char *by[2]; /* sources that agree on it; [1] NULL: only one */
};

/*
 * The rate of the counter that @count reads, by the first two of @n sources
 * that agree. If no two agree, by the first that is plausible alone.
 * Sources that fail or disagree are reported. @n <= CALIBRATE_SOURCES_MAX.
 */
#define CALIBRATE_SOURCES_MAX 4
struct calibration calibrate_all(const struct clock_source *const *sources,
				 u32 n, u64 (*count)(void));
