// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: limits, and what was used.
 */
#include <stdbool.h>

#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/user_time.h"
#include "guest/lib/div.h"

/* --- limits --- */

/* A limit as programs write it, in one word or in two. */
static uint32_t narrow(const uint32_t *word, bool is_wide)
{
	return is_wide && word[1] ? RLIM_INFINITY : word[0];
}

static void widen(uint32_t *word, bool is_wide, uint32_t limit)
{
	word[0] = limit;
	if (is_wide) {
		word[1] = limit == RLIM_INFINITY ? RLIM_INFINITY : 0;
	}
}

/* Both @new and @old may be absent: 0. */
static long limit(uint32_t pid, uint32_t which, uint32_t new, uint32_t old,
		  bool is_wide)
{
	struct process *p = pid ? process_find((int32_t)pid) : current->process;
	uint32_t words = is_wide ? 2 : 1;
	uint32_t size = 2 * words * sizeof(uint32_t);
	uint32_t was[4], is[4];
	struct rlimit_pair *l, wanted;

	if (!p || which >= RLIMITS) {
		return p ? -EINVAL : -ESRCH;
	}
	l = &p->limit[which];
	wanted = *l;
	widen(was, is_wide, l->soft);
	widen(was + words, is_wide, l->hard);
	if (new &&copy_from_user(is, new, size)) {
		return -EFAULT;
	}
	if (new) {
		wanted.soft = narrow(is, is_wide);
		wanted.hard = narrow(is + words, is_wide);
	}
	if (wanted.soft > wanted.hard) {
		return -EINVAL;
	}
	/* Descriptor tables have an end, whoever asks. */
	if (which == RLIMIT_NOFILE && wanted.hard > l->hard) {
		return -EPERM;
	}
	*l = wanted;
	return old ? copy_to_user(old, was, size) : 0;
}

SYSCALL(ugetrlimit, limit(0, arg[0], 0, arg[1], false))
SYSCALL(setrlimit, limit(0, arg[0], arg[1], 0, false))
SYSCALL(prlimit64, limit(arg[0], arg[1], arg[2], arg[3], true))

/* --- usage --- */

int user_rusage_put(uint32_t to, uint64_t run_ns)
{
	uint32_t rest = to + RUSAGE_USER_SIZE;
	int error = user_time_put(to, USER_TIMEVAL, run_ns);

	return error ? error : clear_user(rest, RUSAGE_SIZE - RUSAGE_USER_SIZE);
}

long sys_getrusage(const struct syscall_args *a)
{
	const struct process *p = current->process;

	switch ((int32_t)a->arg[0]) {
	case RUSAGE_SELF:
		return user_rusage_put(a->arg[1], process_run_ns(p));
	case RUSAGE_CHILDREN:
		return user_rusage_put(a->arg[1], p->children_ns);
	case RUSAGE_THREAD:
		return user_rusage_put(a->arg[1], task_run_ns(current));
	default:
		return -EINVAL;
	}
}

static uint32_t ticks(uint64_t ns)
{
	return (uint32_t)div64(ns, NS_PER_SEC / CLOCK_TICKS_PER_SEC, NULL);
}

/* Of this process and of its children: user's, system's. */
long sys_times(const struct syscall_args *a)
{
	const struct process *p = current->process;
	uint32_t t[4] = { ticks(process_run_ns(p)), 0, ticks(p->children_ns) };

	if (a->arg[0] && copy_to_user(a->arg[0], t, sizeof(t))) {
		return -EFAULT;
	}
	return ticks(platform->now()) & INT32_MAX;
}
