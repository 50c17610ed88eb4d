/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The battery-backed clock of the PC, which is taken to show UTC.
 */
#pragma once

#include "hv/lib/types.h"

struct rtc_time {
	u32 year, month, day; /* month and day from 1 on */
	u32 hour, minute, second;
};

/*
 * Read the clock. @reg reads one of its registers (rtc_register(), or a fake
 * in tests); @century is the one that holds the century, 0 when none does.
 * Returns NULL, or why the time cannot be read.
 */
const char *rtc_read(u8 (*reg)(u8 index), u8 century, struct rtc_time *t);

/* Seconds from the beginning of 1970 to @t, which rtc_read() has filled in. */
u32 rtc_seconds(const struct rtc_time *t);

/* Read register @index of the PC's own clock. */
u8 rtc_register(u8 index);
