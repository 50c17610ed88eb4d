/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times that programs pass, as nanoseconds.
 */
#pragma once

#include <stdint.h>

#include "guest/gnomon/mm/user_ptr.h"

/* Longer than anybody waits, and far from overflow when added to a time. */
#define USER_TIME_MAX (1ull << 62)

/* How a program writes seconds and what is left of one. */
enum user_time {
	USER_TIMESPEC,	 /* ns, words of 32 bits */
	USER_TIMESPEC64, /* ns, words of 64 bits */
	USER_TIMEVAL,	 /* us, words of 32 bits */
};

/* 0, -EFAULT, -EINVAL: negative, or more than a second in the second word. */
int user_time_get(struct user_ptr from, enum user_time form, uint64_t *ns);
int user_time_put(struct user_ptr to, enum user_time form, uint64_t ns);

/* What a timeout counts from. */
enum user_since {
	USER_FROM_NOW,
	USER_FROM_BOOT, /* CLOCK_MONOTONIC */
	USER_FROM_1970, /* CLOCK_REALTIME */
};

/* When a timeout ends, by platform_now(). 0: there is none, @from is 0. */
int user_deadline_get(struct user_ptr from, enum user_time form,
		      enum user_since since, uint64_t *deadline);

/* As CLOCK_TICKS_PER_SEC has it, modulo 2^32. */
uint32_t user_ticks(uint64_t ns);

/*
 * A struct rusage. All time counts as the user's: telling it from the
 * kernel's would cost at each entry.
 */
int user_rusage_put(struct user_ptr to, uint64_t run_ns);
