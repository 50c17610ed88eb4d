/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times that programs pass, as nanoseconds.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Longer than anybody waits, and far from overflow when added to a time. */
#define USER_TIME_MAX (1ull << 62)

/* struct timespec of either form: 0, -EFAULT, -EINVAL. */
int user_time_get(uint32_t from, bool is_64, uint64_t *ns);
int user_time_put(uint32_t to, bool is_64, uint64_t ns);
/* struct timeval */
int user_timeval_get(uint32_t from, uint64_t *ns);
int user_timeval_put(uint32_t to, uint64_t ns);

/*
 * A timeout that may be absent: when it ends, by platform->now(); 0: never.
 */
int user_deadline_get(uint32_t from, bool is_64, uint64_t *deadline);
/* platform->now() when CLOCK_REALTIME is @wall_ns. */
uint64_t user_time_of_wall(uint64_t wall_ns);
/* ns since 1970, as programs set it. */
uint64_t user_time_wall(void);
