// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: who a process is, what it is called, when it runs. There is
 * one user, root, one processor, and one policy: everybody takes turns.
 */
#include "guest/gnomon/syscall.h"

#include <string.h>

#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/sched.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"

#define NICE_DEFAULT 20 /* as getpriority() returns it, 20 - nice */
#define CPU_MASK     1u

SYSCALL(getpid, current->process->tgid)
SYSCALL(gettid, current->tid)
SYSCALL(getpgrp, current->process->pgrp)

long sys_getppid(const struct syscall_args *a)
{
	const struct process *parent = current->process->parent;

	(void)a;
	return parent ? parent->tgid : 0;
}

/* --- groups and sessions --- */

static struct process *find(uint32_t tgid)
{
	return tgid ? process_find((int32_t)tgid) : current->process;
}

SYSCALL(getpgid, find(arg[0]) ? find(arg[0])->pgrp : -ESRCH)
SYSCALL(getsid, find(arg[0]) ? find(arg[0])->session : -ESRCH)

long sys_setpgid(const struct syscall_args *a)
{
	struct process *me = current->process;
	struct process *p = find(a->arg[0]);
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
	return write_user_u32(to[0], 0) || write_user_u32(to[1], 0) ||
			       write_user_u32(to[2], 0)
		       ? -EFAULT
		       : 0;
}

SYSCALL(getresuid32, get_three(arg))
SYSCALL(getresgid32, get_three(arg))

/* --- threads --- */

long sys_set_tid_address(const struct syscall_args *a)
{
	current->clear_tid = a->arg[0];
	return current->tid;
}

long sys_prctl(const struct syscall_args *a)
{
	char name[TASK_NAME_MAX] = "";

	switch (a->arg[0]) {
	case PR_SET_NAME:
		if (copy_string_from_user(name, a->arg[1], sizeof(name) - 1) ==
		    -EFAULT) {
			return -EFAULT;
		}
		memcpy(current->name, name, sizeof(name));
		return 0;
	case PR_GET_NAME:
		return copy_to_user(a->arg[1], current->name, sizeof(name));
	default:
		return -EINVAL;
	}
}

/* --- scheduling --- */

SYSCALL(sched_yield, (sched_yield(), 0))
SYSCALL(sched_getparam, write_user_u32(arg[1], 0))
SYSCALL(getpriority, NICE_DEFAULT)

/* tid, size, mask */
long sys_sched_getaffinity(const struct syscall_args *a)
{
	if (a->arg[1] < sizeof(uint32_t)) {
		return -EINVAL;
	}
	return write_user_u32(a->arg[2], CPU_MASK) ? -EFAULT
						   : (long)sizeof(uint32_t);
}
