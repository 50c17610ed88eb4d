// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: priorities and policies. There is one of each: everybody
 * takes turns.
 */
#include "guest/gnomon/syscall.h"

#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/sched.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/user_time.h"

#define SAME_AS(other) __attribute__((alias(#other)))

#define NICE_DEFAULT 20 /* as getpriority() returns it, 20 - nice */
#define SLICE_NS     10000000u
#define CPU_MASK     1u

long sys_sched_yield(const struct syscall_args *a)
{
	(void)a;
	sched_yield();
	return 0;
}

static bool exists(uint32_t tid)
{
	return !tid || task_find((int32_t)tid);
}

long sys_sched_getscheduler(const struct syscall_args *a)
{
	return exists(a->arg[0]) ? SCHED_OTHER : -ESRCH;
}

/* tid, policy, parameter */
long sys_sched_setscheduler(const struct syscall_args *a)
{
	if (!exists(a->arg[0])) {
		return -ESRCH;
	}
	return a->arg[1] == SCHED_OTHER ? 0 : -EPERM;
}

long sys_sched_getparam(const struct syscall_args *a)
{
	return exists(a->arg[0]) ? write_user_u32(a->arg[1], 0) : -ESRCH;
}

long sys_sched_setparam(const struct syscall_args *a)
{
	uint32_t priority;

	if (!exists(a->arg[0])) {
		return -ESRCH;
	}
	if (read_user_u32(&priority, a->arg[1])) {
		return -EFAULT;
	}
	return priority ? -EINVAL : 0;
}

long sys_sched_get_priority_max(const struct syscall_args *a)
{
	return a->arg[0] == SCHED_OTHER ? 0 : -EINVAL;
}

long sys_sched_get_priority_min(const struct syscall_args *a)
	SAME_AS(sys_sched_get_priority_max);

long sys_sched_rr_get_interval(const struct syscall_args *a)
{
	return exists(a->arg[0]) ? user_time_put(a->arg[1], false, SLICE_NS)
				 : -ESRCH;
}

/* tid, size, mask: there is one processor. */
long sys_sched_getaffinity(const struct syscall_args *a)
{
	if (!exists(a->arg[0])) {
		return -ESRCH;
	}
	if (a->arg[1] < sizeof(uint32_t)) {
		return -EINVAL;
	}
	return write_user_u32(a->arg[2], CPU_MASK) ? -EFAULT
						   : (long)sizeof(uint32_t);
}

long sys_sched_setaffinity(const struct syscall_args *a)
{
	uint32_t mask;

	if (!exists(a->arg[0])) {
		return -ESRCH;
	}
	if (a->arg[1] < sizeof(mask)) {
		return -EINVAL;
	}
	if (read_user_u32(&mask, a->arg[2])) {
		return -EFAULT;
	}
	return mask & CPU_MASK ? 0 : -EINVAL;
}

long sys_nice(const struct syscall_args *a)
{
	(void)a;
	return 0;
}

/* which, who */
long sys_getpriority(const struct syscall_args *a)
{
	if (a->arg[0] == PRIO_PROCESS && !exists(a->arg[1])) {
		return -ESRCH;
	}
	return NICE_DEFAULT;
}

long sys_setpriority(const struct syscall_args *a)
{
	if (a->arg[0] == PRIO_PROCESS && !exists(a->arg[1])) {
		return -ESRCH;
	}
	return 0;
}
