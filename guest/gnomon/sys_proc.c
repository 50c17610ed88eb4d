// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: who a process is, and what it is called. There is one user,
 * root, and setting another is accepted without effect.
 */
#include "guest/gnomon/syscall.h"

#include <string.h>

#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/sched.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"

/* A call that is another one by a different name. */
#define SAME_AS(other) __attribute__((alias(#other)))

long sys_exit(const struct syscall_args *a)
{
	exit_thread((a->arg[0] & 0xff) << 8);
}

long sys_exit_group(const struct syscall_args *a)
{
	exit_process((a->arg[0] & 0xff) << 8);
}

long sys_getpid(const struct syscall_args *a)
{
	(void)a;
	return current->process->tgid;
}

long sys_gettid(const struct syscall_args *a)
{
	(void)a;
	return current->tid;
}

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

long sys_getpgid(const struct syscall_args *a)
{
	const struct process *p = find(a->arg[0]);

	return p ? p->pgrp : -ESRCH;
}

long sys_getpgrp(const struct syscall_args *a)
{
	(void)a;
	return current->process->pgrp;
}

long sys_getsid(const struct syscall_args *a)
{
	const struct process *p = find(a->arg[0]);

	return p ? p->session : -ESRCH;
}

static bool is_group_of_session(int32_t pgrp, int32_t session)
{
	for (const struct process *p = process_first(); p; p = p->next) {
		if (p->pgrp == pgrp && p->session == session) {
			return true;
		}
	}
	return false;
}

long sys_setpgid(const struct syscall_args *a)
{
	struct process *me = current->process;
	struct process *p = find(a->arg[0]);
	int32_t pgrp = (int32_t)a->arg[1];

	if (pgrp < 0) {
		return -EINVAL;
	}
	if (!p || p->is_zombie || (p != me && p->parent != me)) {
		return -ESRCH;
	}
	pgrp = pgrp ? pgrp : p->tgid;
	if (p->session == p->tgid || p->session != me->session ||
	    (pgrp != p->tgid && !is_group_of_session(pgrp, me->session))) {
		return -EPERM;
	}
	p->pgrp = pgrp;
	return 0;
}

long sys_setsid(const struct syscall_args *a)
{
	struct process *me = current->process;

	(void)a;
	for (const struct process *p = process_first(); p; p = p->next) {
		if (p->pgrp == me->tgid) {
			return -EPERM;
		}
	}
	me->session = me->pgrp = me->tgid;
	return me->tgid;
}

/* --- users --- */

long sys_getuid(const struct syscall_args *a)
{
	(void)a;
	return 0;
}

long sys_geteuid(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_getgid(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_getegid(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_getuid32(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_geteuid32(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_getgid32(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_getegid32(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_getgroups(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_getgroups32(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setgroups(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setgroups32(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setuid(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setgid(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setuid32(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setgid32(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setreuid(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setregid(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setreuid32(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setregid32(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setresuid(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setresgid(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setresuid32(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setresgid32(const struct syscall_args *a) SAME_AS(sys_getuid);
/* These return the number that was, too. */
long sys_setfsuid(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setfsgid(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setfsuid32(const struct syscall_args *a) SAME_AS(sys_getuid);
long sys_setfsgid32(const struct syscall_args *a) SAME_AS(sys_getuid);

static long put_three(const struct syscall_args *a, uint32_t size)
{
	for (uint32_t i = 0; i < 3; i++) {
		if (clear_user(a->arg[i], size)) {
			return -EFAULT;
		}
	}
	return 0;
}

long sys_getresuid32(const struct syscall_args *a)
{
	return put_three(a, sizeof(uint32_t));
}

long sys_getresuid(const struct syscall_args *a)
{
	return put_three(a, sizeof(uint16_t));
}

long sys_getresgid32(const struct syscall_args *a) SAME_AS(sys_getresuid32);
long sys_getresgid(const struct syscall_args *a) SAME_AS(sys_getresuid);

/* --- threads --- */

long sys_set_tid_address(const struct syscall_args *a)
{
	current->clear_tid = a->arg[0];
	return current->tid;
}

/* Kept for those who ask; a thread that dies with a lock keeps it. */
long sys_set_robust_list(const struct syscall_args *a)
{
	current->robust_list = a->arg[0];
	return 0;
}

/* --- names and properties --- */

long sys_prctl(const struct syscall_args *a)
{
	char name[TASK_NAME_MAX] = "";
	int n;

	switch (a->arg[0]) {
	case PR_SET_NAME:
		n = copy_string_from_user(name, a->arg[1], sizeof(name));
		if (n == -EFAULT) {
			return n;
		}
		name[TASK_NAME_MAX - 1] = '\0';
		memcpy(current->name, name, sizeof(name));
		return 0;
	case PR_GET_NAME:
		return copy_to_user(a->arg[1], current->name, TASK_NAME_MAX);
	case PR_GET_DUMPABLE:
	case PR_SET_DUMPABLE:
	case PR_SET_PDEATHSIG:
		return 0;
	default:
		return -EINVAL;
	}
}

/* PER_LINUX, whatever is asked for. */
long sys_personality(const struct syscall_args *a) SAME_AS(sys_getuid);
