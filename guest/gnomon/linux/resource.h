/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits and usage of Linux i386.
 */
#pragma once

#include <stdint.h>

#define RLIMIT_DATA   2
#define RLIMIT_STACK  3
#define RLIMIT_CORE   4
#define RLIMIT_NPROC  6
#define RLIMIT_NOFILE 7
#define RLIMIT_AS     9
#define RLIMIT_NICE   13
#define RLIMIT_RTPRIO 14

#define RLIM_INFINITY 0xffffffffu

#define RUSAGE_CHILDREN UINT32_MAX
#define RUSAGE_THREAD	1

/* A struct rusage: the user's time, then much that is not counted. */
#define RUSAGE_USER_SIZE 8
#define RUSAGE_SIZE	 72

#define CLOCK_TICKS_PER_SEC 100u
