// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: what time it is, sleeping, alarms.
 */
#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/linux/time.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/sched.h"
#include "guest/gnomon/task/signal.h"
#include "guest/gnomon/task/user_time.h"
#include "guest/gnomon/task/wait.h"
#include "guest/lib/div.h"

/* --- clocks --- */

static long set_wall(struct user_ptr from, enum user_time form)
{
	uint64_t ns;
	int error = user_time_get(from, form, &ns);

	if (!error) {
		platform_set_wall(ns);
	}
	return error;
}

/* Kinds of one clock differ in ways of which there is nothing here. */
static uint64_t read_clock(uint32_t which)
{
	switch (which) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		return platform_wall();
	case CLOCK_PROCESS_CPUTIME_ID:
		return process_run_ns(current->process);
	case CLOCK_THREAD_CPUTIME_ID:
		return task_run_ns(current);
	default:
		return platform_now();
	}
}

/* What it says, or how exactly: to one ns, all of them. */
static long get_clock(const uint32_t *arg, enum user_time form,
		      bool is_resolution)
{
	if (arg[0] > CLOCK_BOOTTIME) {
		return -EINVAL;
	}
	return is_resolution && !arg[1]
		       ? 0
		       : user_time_put(user_ptr(arg[1]), form,
				       is_resolution ? 1 : read_clock(arg[0]));
}

static long set_clock(const uint32_t *arg, enum user_time form)
{
	return arg[0] == CLOCK_REALTIME ? set_wall(user_ptr(arg[1]), form)
					: -EINVAL;
}

SYSCALL(clock_gettime, get_clock(arg, USER_TIMESPEC, false))
SYSCALL(clock_gettime64, get_clock(arg, USER_TIMESPEC64, false))
SYSCALL(clock_getres, get_clock(arg, USER_TIMESPEC, true))
SYSCALL(clock_getres_time64, get_clock(arg, USER_TIMESPEC64, true))
SYSCALL(clock_settime, set_clock(arg, USER_TIMESPEC))
SYSCALL(clock_settime64, set_clock(arg, USER_TIMESPEC64))
/* Of a time zone nothing is known but that it is UTC's. */
SYSCALL(settimeofday, arg[0] ? set_wall(user_ptr(arg[0]), USER_TIMEVAL) : 0)

long sys_gettimeofday(const struct syscall_args *a)
{
	if ((a->arg[0] && user_time_put(user_ptr(a->arg[0]), USER_TIMEVAL,
					platform_wall())) ||
	    (a->arg[1] && clear_user(user_ptr(a->arg[1]), TIMEZONE_SIZE))) {
		return -EFAULT;
	}
	return 0;
}

long sys_time(const struct syscall_args *a)
{
	uint32_t s = (uint32_t)div64(platform_wall(), NS_PER_SEC, NULL);

	return a->arg[0] && write_user_u32(user_ptr(a->arg[0]), s) ? -EFAULT
								   : (long)s;
}

/* --- sleeping --- */

/*
 * What is left goes to user address @left, if a handler ends the sleep. A
 * call that a stop interrupted begins again, and sleeps only for what was
 * left.
 */
static long sleep_by_clock(uint32_t clock, bool is_absolute,
			   struct user_ptr from, struct user_ptr left,
			   enum user_time form)
{
	static struct wait_queue sleepers;
	enum user_since since = !is_absolute		  ? USER_FROM_NOW
				: clock == CLOCK_REALTIME ? USER_FROM_1970
							  : USER_FROM_BOOT;
	uint64_t deadline, now;
	int error = from.at ? user_deadline_get(from, form, since, &deadline)
			    : -EFAULT;

	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC &&
	    clock != CLOCK_BOOTTIME) {
		error = -EINVAL;
	}
	if (error) {
		return error;
	}
	if (current->restart_deadline) {
		deadline = current->restart_deadline;
		current->restart_deadline = 0;
	}
	do {
		error = wait_on(&sleepers, deadline);
	} while (!error);
	if (error == -ETIMEDOUT) {
		return 0;
	}
	now = platform_now();
	if (left.at && !is_absolute &&
	    user_time_put(left, form, deadline > now ? deadline - now : 0)) {
		return -EFAULT;
	}
	current->restart_deadline = deadline;
	return -ERESTART_SLEEP;
}

SYSCALL(nanosleep, sleep_by_clock(CLOCK_MONOTONIC, false, user_ptr(arg[0]),
				  user_ptr(arg[1]), USER_TIMESPEC))
SYSCALL(clock_nanosleep,
	sleep_by_clock(arg[0], arg[1] & TIMER_ABSTIME, user_ptr(arg[2]),
		       user_ptr(arg[3]), USER_TIMESPEC))
SYSCALL(clock_nanosleep_time64,
	sleep_by_clock(arg[0], arg[1] & TIMER_ABSTIME, user_ptr(arg[2]),
		       user_ptr(arg[3]), USER_TIMESPEC64))

/* --- alarms --- */

static void ring(struct timer *t)
{
	struct process *p =
		(struct process *)((char *)t - offsetof(struct process, alarm));

	signal_send_process(p, SIGALRM, NULL);
	if (p->alarm_interval) {
		uint64_t next = t->at + p->alarm_interval;
		uint64_t now = platform_now();

		/* Those that were missed are one. */
		timer_set(t, next > now ? next : now + p->alarm_interval, ring);
	}
}

static void set_alarm(uint64_t ns, uint64_t interval)
{
	struct process *p = current->process;

	timer_cancel(&p->alarm);
	p->alarm_interval = interval;
	if (ns) {
		timer_set(&p->alarm, platform_now() + ns, ring);
	}
}

/* ns; 0: it is not set. */
static uint64_t alarm_left(void)
{
	const struct timer *t = &current->process->alarm;
	uint64_t now = platform_now();

	return !t->is_set ? 0 : t->at > now ? t->at - now : 1;
}

long sys_alarm(const struct syscall_args *a)
{
	uint32_t rest;
	uint64_t s = div64(alarm_left(), NS_PER_SEC, &rest);

	set_alarm((uint64_t)a->arg[0] * NS_PER_SEC, 0);
	/* As Linux rounds: not to 0 what is not over. */
	return (long)(s + (rest >= NS_PER_SEC / 2 || (!s && rest)));
}

static int put_alarm(struct user_ptr to)
{
	uint64_t interval = current->process->alarm_interval;
	int error = user_time_put(to, USER_TIMEVAL, interval);

	return error ? error
		     : user_time_put(user_rest(to, ITIMER_VALUE_AT),
				     USER_TIMEVAL, alarm_left());
}

/*
 * which, new, old. ITIMER_VIRTUAL and ITIMER_PROF would cost at each switch.
 */
long sys_setitimer(const struct syscall_args *a)
{
	uint64_t value = 0, interval = 0;
	struct user_ptr from = user_ptr(a->arg[1]);
	int error = a->arg[0] == ITIMER_REAL ? 0 : -EINVAL;

	if (!error && from.at) {
		error = user_time_get(from, USER_TIMEVAL, &interval);
	}
	if (!error && from.at) {
		error = user_time_get(user_rest(from, ITIMER_VALUE_AT),
				      USER_TIMEVAL, &value);
	}
	if (!error && a->arg[2]) {
		error = put_alarm(user_ptr(a->arg[2]));
	}
	if (!error) {
		set_alarm(value, interval);
	}
	return error;
}

SYSCALL(getitimer,
	arg[0] == ITIMER_REAL ? put_alarm(user_ptr(arg[1])) : -EINVAL)
