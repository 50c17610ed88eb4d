// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: what time it is, and sleeping.
 */
#include "guest/gnomon/syscall.h"

#include <stddef.h>

#include "guest/gnomon/clock.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/linux/time.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/user_time.h"
#include "guest/lib/div.h"

long sys_time(const struct syscall_args *a)
{
	uint32_t s = (uint32_t)div64(user_time_wall(), NS_PER_SEC, NULL);

	if (a->arg[0] && write_user_u32(a->arg[0], s)) {
		return -EFAULT;
	}
	return (long)s;
}

long sys_gettimeofday(const struct syscall_args *a)
{
	static const struct linux_timezone utc;

	if ((a->arg[0] && user_timeval_put(a->arg[0], user_time_wall())) ||
	    (a->arg[1] && copy_to_user(a->arg[1], &utc, sizeof(utc)))) {
		return -EFAULT;
	}
	return 0;
}

/* 0 or -EINVAL. */
static int read_clock(uint32_t which, uint64_t *ns)
{
	switch (which) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		*ns = user_time_wall();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		*ns = platform->now();
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
		*ns = process_run_ns(current->process) + sched_running_ns();
		return 0;
	case CLOCK_THREAD_CPUTIME_ID:
		*ns = current->run_ns + sched_running_ns();
		return 0;
	default:
		return -EINVAL;
	}
}

static long get_clock(const struct syscall_args *a, bool is_64)
{
	uint64_t ns;
	int error = read_clock(a->arg[0], &ns);

	return error ? error : user_time_put(a->arg[1], is_64, ns);
}

long sys_clock_gettime(const struct syscall_args *a)
{
	return get_clock(a, false);
}

long sys_clock_gettime64(const struct syscall_args *a)
{
	return get_clock(a, true);
}

static long get_resolution(const struct syscall_args *a, bool is_64)
{
	uint64_t unused;
	int error = read_clock(a->arg[0], &unused);

	return error || !a->arg[1] ? error : user_time_put(a->arg[1], is_64, 1);
}

long sys_clock_getres(const struct syscall_args *a)
{
	return get_resolution(a, false);
}

long sys_clock_getres_time64(const struct syscall_args *a)
{
	return get_resolution(a, true);
}

/* --- sleeping --- */

/* What is left goes to user address @left, if a handler ends the sleep. */
static long sleep_until(uint64_t deadline, uint32_t left, bool is_64)
{
	static struct wait_queue sleepers;
	uint64_t now;
	int error;

	do {
		error = wait_on(&sleepers, deadline);
	} while (!error);
	if (error == -ETIMEDOUT) {
		return 0;
	}
	now = platform->now();
	if (left &&
	    user_time_put(left, is_64, deadline > now ? deadline - now : 0)) {
		return -EFAULT;
	}
	current->restart_deadline = deadline;
	return -ERESTART_SLEEP;
}

/* A call that a stop interrupted sleeps only for what was left. */
static long sleep_for(uint32_t from, uint32_t left, bool is_64)
{
	uint64_t deadline = current->restart_deadline;
	int error = 0;

	current->restart_deadline = 0;
	if (!deadline) {
		uint64_t ns;

		error = user_time_get(from, is_64, &ns);
		deadline = platform->now() + (error || !ns ? 1 : ns);
	}
	return error ? error : sleep_until(deadline, left, is_64);
}

long sys_nanosleep(const struct syscall_args *a)
{
	return sleep_for(a->arg[0], a->arg[1], false);
}

/* clock, flags, time, left */
static long clock_sleep(const struct syscall_args *a, bool is_64)
{
	uint64_t ns;
	int error = read_clock(a->arg[0], &ns);

	if (error || a->arg[0] == CLOCK_THREAD_CPUTIME_ID ||
	    a->arg[0] == CLOCK_PROCESS_CPUTIME_ID) {
		return -EINVAL;
	}
	if (!(a->arg[1] & TIMER_ABSTIME)) {
		return sleep_for(a->arg[2], a->arg[3], is_64);
	}
	error = user_time_get(a->arg[2], is_64, &ns);
	if (error) {
		return error;
	}
	if (a->arg[0] == CLOCK_REALTIME) {
		ns = user_time_of_wall(ns);
	}
	return sleep_until(ns ? ns : 1, 0, is_64);
}

long sys_clock_nanosleep(const struct syscall_args *a)
{
	return clock_sleep(a, false);
}

long sys_clock_nanosleep_time64(const struct syscall_args *a)
{
	return clock_sleep(a, true);
}

/* --- alarms --- */

static void ring(struct timer *t)
{
	struct process *p =
		(struct process *)((char *)t - offsetof(struct process, alarm));

	signal_send_process(p, SIGALRM, NULL);
	if (p->alarm_interval) {
		uint64_t next = t->at + p->alarm_interval;
		uint64_t now = platform->now();

		/* Those that were missed are one. */
		timer_set(t, next > now ? next : now + p->alarm_interval, ring);
	}
}

/* What was left of the one before. */
static uint64_t set_alarm(uint64_t ns, uint64_t interval)
{
	struct process *p = current->process;
	uint64_t now = platform->now();
	uint64_t left = 0;

	if (p->alarm.is_set) {
		left = p->alarm.at > now ? p->alarm.at - now : 1;
	}
	timer_cancel(&p->alarm);
	p->alarm_interval = interval;
	if (ns) {
		timer_set(&p->alarm, now + ns, ring);
	}
	return left;
}

long sys_alarm(const struct syscall_args *a)
{
	uint64_t left = set_alarm((uint64_t)a->arg[0] * NS_PER_SEC, 0);
	uint32_t rest;
	uint64_t s = div64(left, NS_PER_SEC, &rest);

	/* As Linux rounds: not to 0 what is not over. */
	return (long)(s + (rest >= NS_PER_SEC / 2 || (!s && rest)));
}

static int put_alarm(uint32_t to, uint64_t interval, uint64_t left)
{
	if (user_timeval_put(to + offsetof(struct linux_itimerval, interval),
			     interval)) {
		return -EFAULT;
	}
	return user_timeval_put(to + offsetof(struct linux_itimerval, value),
				left);
}

/* ITIMER_VIRTUAL and ITIMER_PROF would cost at each switch. */
long sys_setitimer(const struct syscall_args *a)
{
	uint64_t old_interval = current->process->alarm_interval;
	uint64_t value = 0, interval = 0, left;
	int error = 0;

	if (a->arg[0] != ITIMER_REAL) {
		return -EINVAL;
	}
	if (a->arg[1]) {
		error = user_timeval_get(
			a->arg[1] + offsetof(struct linux_itimerval, interval),
			&interval);
	}
	if (a->arg[1] && !error) {
		error = user_timeval_get(
			a->arg[1] + offsetof(struct linux_itimerval, value),
			&value);
	}
	if (error) {
		return error;
	}
	left = set_alarm(value, interval);
	return a->arg[2] ? put_alarm(a->arg[2], old_interval, left) : 0;
}

long sys_getitimer(const struct syscall_args *a)
{
	struct process *p = current->process;
	uint64_t now = platform->now();
	uint64_t left = 0;

	if (a->arg[0] != ITIMER_REAL) {
		return -EINVAL;
	}
	if (p->alarm.is_set) {
		left = p->alarm.at > now ? p->alarm.at - now : 1;
	}
	return put_alarm(a->arg[1], p->alarm_interval, left);
}
