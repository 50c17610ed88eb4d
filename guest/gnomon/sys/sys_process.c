// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: who a process is, what it is called, when it runs. There is
 * one user, root, one processor, and one policy, round robin.
 */
#include <string.h>

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/linux/sched.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/sched.h"
#include "guest/gnomon/task/task.h"
#include "guest/gnomon/task/user_time.h"

#define NICE_DEFAULT  20 /* as getpriority() returns it, 20 - nice */
#define CPU_MASK      1u
#define CPU_MASK_SIZE 4

SYSCALL(getpid, current->process->tgid)
SYSCALL(gettid, current->tid)
SYSCALL(getpgrp, current->process->pgrp)

SYSCALL(getppid, current->process->parent ? current->process->parent->tgid : 0)

/* --- groups and sessions --- */

static struct process *of_argument(const uint32_t *arg)
{
	return process_find((int32_t)arg[0]);
}

SYSCALL(getpgid, of_argument(arg) ? of_argument(arg)->pgrp : -ESRCH)
SYSCALL(getsid, of_argument(arg) ? of_argument(arg)->session : -ESRCH)

long sys_setpgid(const struct syscall_args *a)
{
	struct process *me = current->process;
	struct process *p = process_find((int32_t)a->arg[0]);
	const struct process *member;
	int32_t pgrp = (int32_t)a->arg[1];

	if (pgrp < 0) {
		return -EINVAL;
	}
	if (!p || p->is_zombie || (p != me && p->parent != me)) {
		return -ESRCH;
	}
	pgrp = pgrp ? pgrp : p->tgid;
	member = pgrp == p->tgid ? p : process_member(pgrp);
	if (p->session == p->tgid || p->session != me->session || !member ||
	    member->session != me->session) {
		return -EPERM;
	}
	p->pgrp = pgrp;
	return 0;
}

long sys_setsid(const struct syscall_args *a)
{
	struct process *me = current->process;

	(void)a;
	if (process_member(me->tgid)) {
		return -EPERM;
	}
	me->session = me->pgrp = me->tgid;
	return me->tgid;
}

/* --- users --- */

/* The real, the effective and the saved number, which are all root's. */
static long get_three(const uint32_t *to)
{
	return write_user_u32(user_ptr(to[0]), 0) ||
			       write_user_u32(user_ptr(to[1]), 0) ||
			       write_user_u32(user_ptr(to[2]), 0)
		       ? -EFAULT
		       : 0;
}

SYSCALL(getresuid32, get_three(arg))
SYSCALL(getresgid32, get_three(arg))

/* --- threads --- */

long sys_set_tid_address(const struct syscall_args *a)
{
	current->clear_tid = user_ptr(a->arg[0]);
	return current->tid;
}

long sys_prctl(const struct syscall_args *a)
{
	char name[TASK_NAME_MAX] = "";

	switch (a->arg[0]) {
	case PR_SET_NAME:
		if (copy_string_from_user(name, user_ptr(a->arg[1]),
					  sizeof(name) - 1) == -EFAULT) {
			return -EFAULT;
		}
		memcpy(current->name, name, sizeof(name));
		return 0;
	case PR_GET_NAME:
		return copy_to_user(user_ptr(a->arg[1]), current->name,
				    sizeof(name));
	default:
		return -EINVAL;
	}
}

/* --- scheduling --- */

SYSCALL(sched_yield, (sched_yield(), 0))
SYSCALL(sched_getparam, write_user_u32(user_ptr(arg[1]), 0))
SYSCALL(getpriority, NICE_DEFAULT)

/* tid, size, mask: of as many bytes as are written. */
SYSCALL(sched_getaffinity, arg[1] < CPU_MASK_SIZE ? -EINVAL
			   : write_user_u32(user_ptr(arg[2]), CPU_MASK)
				   ? -EFAULT
				   : CPU_MASK_SIZE)

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

/* The new one is at @from, the old one goes to @to; 0: it does not matter. */
static long limit(uint32_t pid, uint32_t which, struct user_ptr from,
		  struct user_ptr to, bool is_wide)
{
	struct process *p = process_find((int32_t)pid);
	uint32_t words = is_wide ? 2 : 1;
	uint32_t size = 2 * words * sizeof(uint32_t);
	uint32_t was[4] = { 0 }, is[4];
	struct rlimit_pair *l, wanted;

	if (!p || which >= RLIMITS) {
		return p ? -EINVAL : -ESRCH;
	}
	l = &p->limit[which];
	widen(was, is_wide, l->soft);
	widen(was + words, is_wide, l->hard);
	memcpy(is, was, sizeof(is));
	if (from.at && copy_from_user(is, from, size)) {
		return -EFAULT;
	}
	wanted.soft = narrow(is, is_wide);
	wanted.hard = narrow(is + words, is_wide);
	if (wanted.soft > wanted.hard) {
		return -EINVAL;
	}
	/* Descriptor tables have an end, whoever asks. */
	if (which == RLIMIT_NOFILE && wanted.hard > l->hard) {
		return -EPERM;
	}
	*l = wanted;
	return to.at ? copy_to_user(to, was, size) : 0;
}

SYSCALL(ugetrlimit, limit(0, arg[0], user_ptr(0), user_ptr(arg[1]), false))
SYSCALL(setrlimit, limit(0, arg[0], user_ptr(arg[1]), user_ptr(0), false))
SYSCALL(prlimit64,
	limit(arg[0], arg[1], user_ptr(arg[2]), user_ptr(arg[3]), true))

/* --- usage --- */

long sys_getrusage(const struct syscall_args *a)
{
	uint64_t ns =
		a->arg[0] == RUSAGE_CHILDREN ? current->process->children_ns
		: a->arg[0] == RUSAGE_THREAD ? task_run_ns(current)
					     : process_run_ns(current->process);

	return user_rusage_put(user_ptr(a->arg[1]), ns);
}

/* Of this process and of its children: user's, system's. */
long sys_times(const struct syscall_args *a)
{
	const struct process *p = current->process;
	uint32_t t[4] = { user_ticks(process_run_ns(p)), 0,
			  user_ticks(p->children_ns) };

	if (a->arg[0] && copy_to_user(user_ptr(a->arg[0]), t, sizeof(t))) {
		return -EFAULT;
	}
	return user_ticks(platform_now()) & INT32_MAX;
}
