/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times of Linux i386, but for their forms: user_time.h has those.
 */
#pragma once

#define CLOCK_REALTIME		 0
#define CLOCK_MONOTONIC		 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID	 3
#define CLOCK_REALTIME_COARSE	 5
#define CLOCK_BOOTTIME		 7

#define TIMER_ABSTIME 1u

#define ITIMER_REAL 0

/* A struct itimerval: the interval, then the value. */
#define ITIMER_VALUE_AT 8

/* A struct timezone, which nobody looks at. */
#define TIMEZONE_SIZE 8
