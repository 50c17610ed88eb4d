/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times of Linux i386, in their old and their 64-bit forms.
 */
#pragma once

#include <stdint.h>

#define CLOCK_REALTIME		 0
#define CLOCK_MONOTONIC		 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID	 3
#define CLOCK_MONOTONIC_RAW	 4
#define CLOCK_REALTIME_COARSE	 5
#define CLOCK_MONOTONIC_COARSE	 6
#define CLOCK_BOOTTIME		 7

#define TIMER_ABSTIME 1u

#define ITIMER_REAL 0

struct linux_timespec {
	int32_t s, ns;
};

struct linux_timespec64 {
	int64_t s;
	uint32_t ns, pad;
};

struct linux_timeval {
	int32_t s, us;
};

struct linux_itimerval {
	struct linux_timeval interval, value;
};

struct linux_timezone {
	int32_t minutes_west, dst;
};
