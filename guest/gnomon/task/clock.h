/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deadlines and the one timer.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Zeroed: not set. */
struct timer {
	uint64_t at; /* ns of platform_now() */
	bool is_set;
	void (*fire)(struct timer *t);
	struct timer *next; /* by time */
};

/*
 * Calls @fire once, from the timer's interrupt; an earlier time is forgotten.
 */
void timer_set(struct timer *t, uint64_t at, void (*fire)(struct timer *t));
void timer_cancel(struct timer *t);

void clock_init(void);
