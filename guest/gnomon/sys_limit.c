// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: limits, and what was used.
 */
#include "guest/gnomon/syscall.h"

#include <string.h>

#include "guest/gnomon/clock.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/rusage.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"
#include "guest/lib/div.h"

#define NS_PER_US 1000u

/* --- limits --- */

static int set_limit(struct process *p, uint32_t which,
		     const struct rlimit_pair *l)
{
	if (l->soft > l->hard) {
		return -EINVAL;
	}
	/* Descriptor tables have an end, whoever asks. */
	if (which == RLIMIT_NOFILE && l->hard > p->limit[which].hard) {
		return -EPERM;
	}
	p->limit[which] = *l;
	return 0;
}

static long get(const struct syscall_args *a, uint32_t infinity)
{
	struct linux_rlimit l;

	if (a->arg[0] >= RLIMITS) {
		return -EINVAL;
	}
	l.soft = current->process->limit[a->arg[0]].soft;
	l.hard = current->process->limit[a->arg[0]].hard;
	l.soft = l.soft < infinity ? l.soft : infinity;
	l.hard = l.hard < infinity ? l.hard : infinity;
	return copy_to_user(a->arg[1], &l, sizeof(l));
}

long sys_ugetrlimit(const struct syscall_args *a)
{
	return get(a, RLIM_INFINITY);
}

long sys_getrlimit(const struct syscall_args *a)
{
	return get(a, RLIM_OLD_INFINITY);
}

long sys_setrlimit(const struct syscall_args *a)
{
	struct linux_rlimit l;

	if (a->arg[0] >= RLIMITS) {
		return -EINVAL;
	}
	if (copy_from_user(&l, a->arg[1], sizeof(l))) {
		return -EFAULT;
	}
	return set_limit(current->process, a->arg[0],
			 &(struct rlimit_pair){ l.soft, l.hard });
}

static uint64_t widen(uint32_t limit)
{
	return limit == RLIM_INFINITY ? UINT64_MAX : limit;
}

static uint32_t narrow(uint64_t limit)
{
	return limit < RLIM_INFINITY ? (uint32_t)limit : RLIM_INFINITY;
}

/* pid, which, new, old */
long sys_prlimit64(const struct syscall_args *a)
{
	struct process *p =
		a->arg[0] ? process_find((int32_t)a->arg[0]) : current->process;
	struct linux_rlimit64 new, old;
	uint32_t which = a->arg[1];

	if (!p) {
		return -ESRCH;
	}
	if (which >= RLIMITS) {
		return -EINVAL;
	}
	old.soft = widen(p->limit[which].soft);
	old.hard = widen(p->limit[which].hard);
	if (a->arg[2]) {
		struct rlimit_pair l;
		int error;

		if (copy_from_user(&new, a->arg[2], sizeof(new))) {
			return -EFAULT;
		}
		l = (struct rlimit_pair){ narrow(new.soft), narrow(new.hard) };
		error = set_limit(p, which, &l);
		if (error) {
			return error;
		}
	}
	return a->arg[3] ? copy_to_user(a->arg[3], &old, sizeof(old)) : 0;
}

/* --- usage --- */

int rusage_show(uint32_t to, uint64_t run_ns)
{
	struct linux_rusage r = { 0 };
	uint32_t rest;

	r.user_s = (int32_t)div64(run_ns, NS_PER_SEC, &rest);
	r.user_us = (int32_t)(rest / NS_PER_US);
	return copy_to_user(to, &r, sizeof(r));
}

long sys_getrusage(const struct syscall_args *a)
{
	const struct process *p = current->process;

	switch ((int32_t)a->arg[0]) {
	case RUSAGE_SELF:
		return rusage_show(a->arg[1],
				   process_run_ns(p) + sched_running_ns());
	case RUSAGE_CHILDREN:
		return rusage_show(a->arg[1], p->children_ns);
	case RUSAGE_THREAD:
		return rusage_show(a->arg[1],
				   current->run_ns + sched_running_ns());
	default:
		return -EINVAL;
	}
}

static int32_t ticks(uint64_t ns)
{
	return (int32_t)div64(ns, NS_PER_SEC / CLOCK_TICKS_PER_SEC, NULL);
}

long sys_times(const struct syscall_args *a)
{
	const struct process *p = current->process;
	struct linux_tms t = {
		.user = ticks(process_run_ns(p) + sched_running_ns()),
		.child_user = ticks(p->children_ns),
	};

	if (a->arg[0] && copy_to_user(a->arg[0], &t, sizeof(t))) {
		return -EFAULT;
	}
	return ticks(platform->now()) & INT32_MAX;
}
