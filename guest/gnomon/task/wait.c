// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Wait queues.
 *
 * I1: a task is in the queue task->waits_on, and its timeout may be set,
 *     exactly while it is TASK_SLEEPING.
 * Tasks in wait_poll() do not say what for: they all are in one queue, and
 * every event wakes them. Few programs poll, and those look again.
 */
#include "guest/gnomon/task/wait.h"

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/task/sched.h"
#include "guest/gnomon/task/task.h"

static struct wait_queue pollers;

void wait_end(struct task *t, int result)
{
	struct task **link = &t->waits_on->first;

	while (*link != t) {
		link = &(*link)->queue_next;
	}
	*link = t->queue_next;
	t->wait_result = result;
	timer_cancel(&t->timeout);
	sched_ready(t);
}

static void time_out(struct timer *timer)
{
	wait_end((void *)((char *)timer - offsetof(struct task, timeout)),
		 -ETIMEDOUT);
}

/* At the end: first come, first served. */
static void sleep_on(struct wait_queue *q)
{
	struct task **link = &q->first;

	while (*link) {
		link = &(*link)->queue_next;
	}
	*link = current;
	current->queue_next = NULL;
	current->waits_on = q;
	current->state = TASK_SLEEPING;
	sched_leave();
}

int wait_on(struct wait_queue *q, uint64_t deadline)
{
	if (task_has_signal(current)) {
		return -ERESTARTSYS;
	}
	if (deadline) {
		timer_set(&current->timeout, deadline, time_out);
	}
	sleep_on(q);
	return current->wait_result;
}

/* Nobody wakes it but the clock, for which interrupts are let in. */
int cond_resched(void)
{
	static struct wait_queue nobody;
	int error = wait_on(&nobody, platform_now());

	return error == -ETIMEDOUT ? 0 : error;
}

void wait_uninterruptible(struct wait_queue *q)
{
	current->is_uninterruptible = true;
	sleep_on(q);
	current->is_uninterruptible = false;
}

int wait_poll(uint64_t deadline)
{
	return wait_on(&pollers, deadline);
}

void wait_wake(struct wait_queue *q)
{
	while (pollers.first) {
		wait_end(pollers.first, 0);
	}
	while (q->first) {
		wait_end(q->first, 0);
	}
}
