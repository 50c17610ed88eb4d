// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: what a process does with signals, and sending them.
 */
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/signal.h"
#include "guest/gnomon/task/user_time.h"
#include "guest/gnomon/task/wait.h"

/* --- actions and masks --- */

/* signal, new, old, size of a set */
long sys_rt_sigaction(const struct syscall_args *a)
{
	uint32_t n = a->arg[0];
	struct signal_action new, old;

	if (n < 1 || n > SIGNALS || a->arg[3] != sizeof(uint64_t)) {
		return -EINVAL;
	}
	old = current->process->action[n];
	if (a->arg[1]) {
		if (n == SIGKILL || n == SIGSTOP) {
			return -EINVAL;
		}
		if (copy_from_user(&new, user_ptr(a->arg[1]), sizeof(new))) {
			return -EFAULT;
		}
		signal_set_action(n, &new);
	}
	return a->arg[2] ? copy_to_user(user_ptr(a->arg[2]), &old, sizeof(old))
			 : 0;
}

/* how, new, old, size of a set */
long sys_rt_sigprocmask(const struct syscall_args *a)
{
	uint64_t set, old = current->blocked;
	uint32_t how = a->arg[0];

	if (a->arg[1]) {
		int error =
			signal_set_get(&set, user_ptr(a->arg[1]), a->arg[3]);

		if (error) {
			return error;
		}
		if (how > SIG_SETMASK) {
			return -EINVAL;
		}
		signal_set_blocked(how == SIG_BLOCK	? old | set
				   : how == SIG_UNBLOCK ? old & ~set
							: set);
	}
	return a->arg[2] ? copy_to_user(user_ptr(a->arg[2]), &old, sizeof(old))
			 : 0;
}

/* set, its size */
long sys_rt_sigpending(const struct syscall_args *a)
{
	uint64_t set = (current->pending.set | current->process->pending.set) &
		       current->blocked;

	return a->arg[1] > sizeof(set)
		       ? -EINVAL
		       : copy_to_user(user_ptr(a->arg[0]), &set, a->arg[1]);
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
	int error = signal_set_get(&set, user_ptr(a->arg[0]), a->arg[1]);

	if (error) {
		return error;
	}
	signal_set_blocked_now(set);
	return wait_for_signal();
}

/* set, info, timeout, size of a set */
static long timed_wait(const struct syscall_args *a, enum user_time form)
{
	struct linux_siginfo info = { 0 };
	uint64_t set, deadline;
	int error = signal_set_get(&set, user_ptr(a->arg[0]), a->arg[3]);

	error = error ? error
		      : user_deadline_get(user_ptr(a->arg[2]), form,
					  USER_FROM_NOW, &deadline);
	if (error) {
		return error;
	}
	set &= ~SIGNALS_UNBLOCKABLE;
	while (!signal_take(~set, &info.known)) {
		if (error) {
			return error == -ETIMEDOUT ? -EAGAIN : -EINTR;
		}
		/* They count as not blocked meanwhile, so that they wake it. */
		signal_set_blocked_now(current->blocked & ~set);
		error = wait_on(&forever, deadline);
		current->blocked = current->blocked_after;
	}
	return a->arg[1] && copy_to_user(user_ptr(a->arg[1]), &info,
					 sizeof(info))
		       ? -EFAULT
		       : (long)info.known.number;
}

SYSCALL(rt_sigtimedwait, timed_wait(a, USER_TIMESPEC))
SYSCALL(rt_sigtimedwait_time64, timed_wait(a, USER_TIMESPEC64))

/* --- sending --- */

/* pid, signal; 0 only asks whether there is somebody. */
long sys_kill(const struct syscall_args *a)
{
	struct signal_info info = { .pid = current->process->tgid };
	int32_t pid = (int32_t)a->arg[0];
	long result = -ESRCH;

	if (a->arg[1] > SIGNALS) {
		return -EINVAL;
	}
	for (struct process *p = NULL; (p = process_next(p));) {
		/* "All" are all others, but for the first. */
		bool is_spared = p == current->process || p->tgid == 1;

		if (process_is_meant(p, pid) && !(is_spared && pid == -1)) {
			signal_send_process(p, a->arg[1], &info);
			result = 0;
		}
	}
	return result;
}

static long send_to(int32_t tgid, int32_t tid, uint32_t n)
{
	struct signal_info info = { .code = SI_TKILL,
				    .pid = current->process->tgid };
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
