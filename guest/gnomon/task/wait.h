/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sleeping until something happens.
 *
 *	while (!condition) {
 *		error = wait_on(&queue, 0);
 *		if (error) {
 *			return error;
 *		}
 *	}
 *
 * The kernel is never interrupted, so nothing can happen between the look at
 * the condition and the sleep.
 */
#pragma once

#include <stdint.h>

struct task;
struct wait_queue;

/*
 * Sleep until wait_wake(), @deadline (ns of platform_now(), 0: none), or a
 * signal that is to be delivered. Returns 0, -ETIMEDOUT, -ERESTARTSYS.
 */
int wait_on(struct wait_queue *q, uint64_t deadline);
/* The same for what cannot take long: signals do not end it. */
void wait_uninterruptible(struct wait_queue *q);

/* Wake all who sleep there, and everybody who sleeps in wait_poll(). */
void wait_wake(struct wait_queue *q);
/* Wake @t alone, which sleeps on a queue: @result is what wait_on() returns. */
void wait_end(struct task *t, int result);

/*
 * In the middle of long work: run other tasks that are ready. 0, or
 * -ERESTARTSYS: a signal is to be delivered.
 */
int cond_resched(void);

/* As wait_on(), for any queue at all: poll() looks again at everything. */
int wait_poll(uint64_t deadline);
