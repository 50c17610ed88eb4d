// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: what a process does with signals, and sending them.
 */
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/user_time.h"

#define SIGSET_SIZE 8 /* what the calls say theirs is */

/* --- actions and masks --- */

/* signal, new, old, size of a set */
long sys_rt_sigaction(const struct syscall_args *a)
{
	uint32_t n = a->arg[0];
	struct signal_action new, old;

	if (n < 1 || n > SIGNALS || a->arg[3] != SIGSET_SIZE) {
		return -EINVAL;
	}
	old = current->process->action[n];
	if (a->arg[1]) {
		if (n == SIGKILL || n == SIGSTOP) {
			return -EINVAL;
		}
		if (copy_from_user(&new, a->arg[1], sizeof(new))) {
			return -EFAULT;
		}
		signal_set_action(n, &new);
	}
	return a->arg[2] ? copy_to_user(a->arg[2], &old, sizeof(old)) : 0;
}

/* how, new, old, size of a set */
long sys_rt_sigprocmask(const struct syscall_args *a)
{
	uint64_t set, old = current->blocked;
	uint32_t how = a->arg[0];

	if (a->arg[3] != SIGSET_SIZE) {
		return -EINVAL;
	}
	if (a->arg[1]) {
		if (copy_from_user(&set, a->arg[1], sizeof(set))) {
			return -EFAULT;
		}
		if (how > SIG_SETMASK) {
			return -EINVAL;
		}
		signal_set_blocked(how == SIG_BLOCK	? old | set
				   : how == SIG_UNBLOCK ? old & ~set
							: set);
	}
	return a->arg[2] ? copy_to_user(a->arg[2], &old, sizeof(old)) : 0;
}

/* set, its size */
long sys_rt_sigpending(const struct syscall_args *a)
{
	uint64_t set = (current->pending.set | current->process->pending.set) &
		       current->blocked;

	return a->arg[1] > SIGSET_SIZE
		       ? -EINVAL
		       : copy_to_user(a->arg[0], &set, a->arg[1]);
}

/* --- waiting --- */

static struct wait_queue forever;

/* No event but a signal ends it. */
static long wait_for_signal(void)
{
	while (!wait_on(&forever, 0)) {
	}
	return -ERESTARTNOHAND;
}

SYSCALL(pause, wait_for_signal())

/* The handler runs with the mask; what was blocked before is after it again. */
long sys_rt_sigsuspend(const struct syscall_args *a)
{
	uint64_t set;

	if (a->arg[1] != SIGSET_SIZE) {
		return -EINVAL;
	}
	if (copy_from_user(&set, a->arg[0], sizeof(set))) {
		return -EFAULT;
	}
	current->saved_blocked = current->blocked;
	current->restores_blocked = true;
	signal_set_blocked(set);
	return wait_for_signal();
}

/* set, info, timeout, size of a set */
static long timed_wait(const struct syscall_args *a, enum user_time form)
{
	struct linux_siginfo info = { 0 };
	uint64_t set, deadline, old = current->blocked;
	int error;

	if (a->arg[3] != SIGSET_SIZE) {
		return -EINVAL;
	}
	if (copy_from_user(&set, a->arg[0], sizeof(set))) {
		return -EFAULT;
	}
	set &= ~SIGNALS_UNBLOCKABLE;
	error = user_deadline_get(a->arg[2], form, USER_FROM_NOW, &deadline);
	if (error) {
		return error;
	}
	while (!signal_take(~set, &info.known)) {
		if (error) {
			return error == -ETIMEDOUT ? -EAGAIN : -EINTR;
		}
		/* They count as not blocked meanwhile, so that they wake it. */
		current->blocked = old & ~set;
		error = wait_on(&forever, deadline);
		current->blocked = old;
	}
	return a->arg[1] && copy_to_user(a->arg[1], &info, sizeof(info))
		       ? -EFAULT
		       : (long)info.known.number;
}

SYSCALL(rt_sigtimedwait, timed_wait(a, USER_TIMESPEC))
SYSCALL(rt_sigtimedwait_time64, timed_wait(a, USER_TIMESPEC64))

/* --- sending --- */

static struct signal_info from_me(int32_t code)
{
	return (struct signal_info){
		.code = code,
		.pid = current->process->tgid,
	};
}

static bool is_meant(const struct process *p, int32_t pid)
{
	if (pid > 0) {
		return p->tgid == pid;
	}
	if (pid == -1) {
		return p->tgid != 1 && p != current->process;
	}
	return pid ? p->pgrp + pid == 0 : p->pgrp == current->process->pgrp;
}

/* pid, signal; 0 only asks whether there is somebody. */
long sys_kill(const struct syscall_args *a)
{
	struct signal_info info = from_me(SI_USER);
	long result = -ESRCH;

	if (a->arg[1] > SIGNALS) {
		return -EINVAL;
	}
	for (struct process *p = process_first(); p; p = p->next) {
		if (is_meant(p, (int32_t)a->arg[0])) {
			signal_send_process(p, a->arg[1], &info);
			result = 0;
		}
	}
	return result;
}

static long send_to(int32_t tgid, int32_t tid, uint32_t n)
{
	struct signal_info info = from_me(SI_TKILL);
	struct task *t = task_find(tid);

	if (tid <= 0 || n > SIGNALS) {
		return -EINVAL;
	}
	if (!t || (tgid && t->process->tgid != tgid)) {
		return -ESRCH;
	}
	signal_send_task(t, n, &info);
	return 0;
}

SYSCALL(tkill, send_to(0, (int32_t)arg[0], arg[1]))
/* process, thread, signal */
SYSCALL(tgkill, (int32_t)arg[0] <= 0
			? -EINVAL
			: send_to((int32_t)arg[0], (int32_t)arg[1], arg[2]))
