/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits and usage of Linux i386.
 */
#pragma once

#include <stdint.h>

#define RLIMIT_CPU	  0
#define RLIMIT_FSIZE	  1
#define RLIMIT_DATA	  2
#define RLIMIT_STACK	  3
#define RLIMIT_CORE	  4
#define RLIMIT_RSS	  5
#define RLIMIT_NPROC	  6
#define RLIMIT_NOFILE	  7
#define RLIMIT_MEMLOCK	  8
#define RLIMIT_AS	  9
#define RLIMIT_LOCKS	  10
#define RLIMIT_SIGPENDING 11
#define RLIMIT_MSGQUEUE	  12
#define RLIMIT_NICE	  13
#define RLIMIT_RTPRIO	  14
#define RLIMIT_RTTIME	  15

#define RLIM_INFINITY 0xffffffffu
/* What getrlimit(), the oldest of the calls, shows instead. */
#define RLIM_OLD_INFINITY 0x7fffffffu

struct linux_rlimit {
	uint32_t soft, hard;
};

struct linux_rlimit64 {
	uint64_t soft, hard;
};

#define RUSAGE_SELF	0
#define RUSAGE_CHILDREN (-1)
#define RUSAGE_THREAD	1

struct linux_rusage {
	int32_t user_s, user_us;
	int32_t system_s, system_us;
	int32_t rest[14]; /* faults, switches, ...: not counted */
};
_Static_assert(sizeof(struct linux_rusage) == 72, "of Linux i386");

/* times() */
struct linux_tms {
	int32_t user, system, child_user, child_system;
};

#define CLOCK_TICKS_PER_SEC 100
