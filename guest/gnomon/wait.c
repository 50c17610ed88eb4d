// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Wait queues.
 *
 * I1: a task is in the queue task->waits_on exactly while it is
 *     TASK_SLEEPING.
 * Tasks in wait_poll() do not say what for: they all are in one queue, and
 * every event wakes them. Few programs poll, and those look again.
 */
#include "guest/gnomon/wait.h"

#include <stddef.h>

#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/task.h"

static struct wait_queue pollers;

static void leave_queue(struct task *t)
{
	struct task **link = &t->waits_on->first;

	while (*link != t) {
		link = &(*link)->wait_next;
	}
	*link = t->wait_next;
	t->waits_on = NULL;
}

void wait_interrupt(struct task *t)
{
	if (t->state == TASK_SLEEPING) {
		leave_queue(t);
		sched_ready(t);
	}
}

static void time_out(struct timer *timer)
{
	struct task *t =
		(struct task *)((char *)timer - offsetof(struct task, timeout));

	t->has_timed_out = true;
	wait_interrupt(t);
}

/* First come, first served. */
static void sleep_on(struct wait_queue *q)
{
	struct task **link = &q->first;

	while (*link) {
		link = &(*link)->wait_next;
	}
	*link = current;
	current->wait_next = NULL;
	current->waits_on = q;
	current->state = TASK_SLEEPING;
	sched_leave();
}

int wait_on(struct wait_queue *q, uint64_t deadline)
{
	if (signal_is_pending(current)) {
		return -ERESTARTSYS;
	}
	current->has_timed_out = false;
	current->was_woken = false;
	if (deadline) {
		timer_set(&current->timeout, deadline, time_out);
	}
	sleep_on(q);
	timer_cancel(&current->timeout);
	if (current->was_woken) {
		return 0;
	}
	return current->has_timed_out ? -ETIMEDOUT : -ERESTARTSYS;
}

void wait_on_deaf(struct wait_queue *q)
{
	current->is_deaf = true;
	sleep_on(q);
	current->is_deaf = false;
}

int wait_poll(uint64_t deadline)
{
	return wait_on(&pollers, deadline);
}

void wait_wake_one(struct task *t)
{
	t->was_woken = true;
	wait_interrupt(t);
}

static void wake(struct wait_queue *q)
{
	while (q->first) {
		wait_wake_one(q->first);
	}
}

void wait_wake(struct wait_queue *q)
{
	wake(&pollers);
	wake(q);
}
