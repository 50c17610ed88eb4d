// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: what a process does with signals, and sending them.
 */
#include "guest/gnomon/syscall.h"

#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/signal_frame.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/user_time.h"

#define SIGSET_SIZE 8 /* what rt_ calls say theirs is */

/* --- actions --- */

static bool is_signal(uint32_t n)
{
	return n >= 1 && n <= SIGNALS;
}

static int set_action(uint32_t n, const struct signal_action *a)
{
	if (n == SIGKILL || n == SIGSTOP) {
		return -EINVAL;
	}
	current->process->action[n] = *a;
	current->process->action[n].mask = signal_blockable(a->mask);
	signal_forget_ignored(current->process, n);
	return 0;
}

/* signal, handler: by the rules of System V */
long sys_signal(const struct syscall_args *a)
{
	struct signal_action new = {
		.handler = a->arg[1],
		.flags = SA_RESETHAND | SA_NODEFER,
	};
	uint32_t n = a->arg[0];
	uint32_t old;
	int error;

	if (!is_signal(n)) {
		return -EINVAL;
	}
	old = current->process->action[n].handler;
	error = set_action(n, &new);
	return error ? error : (long)old;
}

/* signal, new, old */
long sys_sigaction(const struct syscall_args *a)
{
	struct linux_sigaction_old from, to;
	uint32_t n = a->arg[0];
	const struct signal_action *old;

	if (!is_signal(n)) {
		return -EINVAL;
	}
	old = &current->process->action[n];
	to = (struct linux_sigaction_old){ old->handler, (uint32_t)old->mask,
					   old->flags, old->restorer };
	if (a->arg[1]) {
		struct signal_action new;
		int error;

		if (copy_from_user(&from, a->arg[1], sizeof(from))) {
			return -EFAULT;
		}
		new = (struct signal_action){ from.handler, from.flags,
					      from.restorer, from.mask };
		error = set_action(n, &new);
		if (error) {
			return error;
		}
	}
	return a->arg[2] ? copy_to_user(a->arg[2], &to, sizeof(to)) : 0;
}

/* signal, new, old, size of a set */
long sys_rt_sigaction(const struct syscall_args *a)
{
	struct linux_sigaction from, to;
	uint32_t n = a->arg[0];
	const struct signal_action *old;

	if (!is_signal(n) || a->arg[3] != SIGSET_SIZE) {
		return -EINVAL;
	}
	old = &current->process->action[n];
	to = (struct linux_sigaction){
		old->handler,
		old->flags,
		old->restorer,
		{ (uint32_t)old->mask, (uint32_t)(old->mask >> 32) },
	};
	if (a->arg[1]) {
		struct signal_action new;
		int error;

		if (copy_from_user(&from, a->arg[1], sizeof(from))) {
			return -EFAULT;
		}
		new = (struct signal_action){ from.handler, from.flags,
					      from.restorer,
					      (uint64_t)from.mask[1] << 32 |
						      from.mask[0] };
		error = set_action(n, &new);
		if (error) {
			return error;
		}
	}
	return a->arg[2] ? copy_to_user(a->arg[2], &to, sizeof(to)) : 0;
}

/* --- masks --- */

static void set_blocked(uint64_t mask)
{
	current->blocked = signal_blockable(mask);
	trap_work = 1;
}

/* how, new, old; a set has @size bytes */
static long change_mask(const struct syscall_args *a, uint32_t size)
{
	uint64_t old = current->blocked;
	uint64_t set = 0;

	if (a->arg[1]) {
		uint64_t all =
			size < sizeof(set) ? (1ull << 8 * size) - 1 : ~0ull;

		if (copy_from_user(&set, a->arg[1], size)) {
			return -EFAULT;
		}
		switch (a->arg[0]) {
		case SIG_BLOCK:
			set |= old;
			break;
		case SIG_UNBLOCK:
			set = old & ~set;
			break;
		case SIG_SETMASK:
			set |= old & ~all;
			break;
		default:
			return -EINVAL;
		}
		set_blocked(set);
	}
	return a->arg[2] ? copy_to_user(a->arg[2], &old, size) : 0;
}

long sys_sigprocmask(const struct syscall_args *a)
{
	return change_mask(a, sizeof(uint32_t));
}

long sys_rt_sigprocmask(const struct syscall_args *a)
{
	return a->arg[3] == SIGSET_SIZE ? change_mask(a, SIGSET_SIZE) : -EINVAL;
}

long sys_sgetmask(const struct syscall_args *a)
{
	(void)a;
	return (long)(uint32_t)current->blocked;
}

long sys_ssetmask(const struct syscall_args *a)
{
	uint32_t old = (uint32_t)current->blocked;

	set_blocked((current->blocked >> 32 << 32) | a->arg[0]);
	return (long)old;
}

static uint64_t pending_blocked(void)
{
	return (current->pending.set | current->process->pending.set) &
	       current->blocked;
}

long sys_sigpending(const struct syscall_args *a)
{
	return write_user_u32(a->arg[0], (uint32_t)pending_blocked());
}

long sys_rt_sigpending(const struct syscall_args *a)
{
	uint64_t set = pending_blocked();

	return a->arg[1] > SIGSET_SIZE
		       ? -EINVAL
		       : copy_to_user(a->arg[0], &set, a->arg[1]);
}

/* --- waiting --- */

/* No event but a signal ends it. */
static long wait_for_signal(void)
{
	static struct wait_queue forever;
	int error;

	do {
		error = wait_on(&forever, 0);
	} while (!error);
	return -ERESTARTNOHAND;
}

long sys_pause(const struct syscall_args *a)
{
	(void)a;
	return wait_for_signal();
}

/* The handler runs with @mask; what was blocked before is again after it. */
static long suspend(uint64_t mask)
{
	current->saved_blocked = current->blocked;
	current->restores_blocked = true;
	set_blocked(mask);
	return wait_for_signal();
}

/* The mask is the third argument, for reasons older than this kernel. */
long sys_sigsuspend(const struct syscall_args *a)
{
	return suspend((current->blocked >> 32 << 32) | a->arg[2]);
}

long sys_rt_sigsuspend(const struct syscall_args *a)
{
	uint64_t set;

	if (a->arg[1] != SIGSET_SIZE) {
		return -EINVAL;
	}
	return copy_from_user(&set, a->arg[0], sizeof(set)) ? -EFAULT
							    : suspend(set);
}

/* set, info, timeout, size of a set */
static long timed_wait(const struct syscall_args *a, bool is_64)
{
	static struct wait_queue waiters;
	uint64_t set, deadline, old = current->blocked;
	struct linux_siginfo shown;
	struct signal_info info;
	uint32_t n = 0;
	int error;

	if (a->arg[3] != SIGSET_SIZE) {
		return -EINVAL;
	}
	if (copy_from_user(&set, a->arg[0], sizeof(set))) {
		return -EFAULT;
	}
	error = user_deadline_get(a->arg[2], is_64, USER_FROM_NOW, &deadline);
	/* While it sleeps they count as not blocked, so that they wake it. */
	while (!error && !signal_take(~signal_blockable(set), &n, &info)) {
		current->blocked = old & ~set;
		error = wait_on(&waiters, deadline);
		current->blocked = old;
		if (error && signal_take(~signal_blockable(set), &n, &info)) {
			break;
		}
	}
	if (!n) {
		return error == -ETIMEDOUT     ? -EAGAIN
		       : error == -ERESTARTSYS ? -EINTR
					       : error;
	}
	signal_info_show(&shown, n, &info);
	if (a->arg[1] && copy_to_user(a->arg[1], &shown, sizeof(shown))) {
		return -EFAULT;
	}
	return (long)n;
}

long sys_rt_sigtimedwait(const struct syscall_args *a)
{
	return timed_wait(a, false);
}

long sys_rt_sigtimedwait_time64(const struct syscall_args *a)
{
	return timed_wait(a, true);
}

/* new, old */
long sys_sigaltstack(const struct syscall_args *a)
{
	uint32_t esp = current->frame->esp;
	struct linux_stack new, old;

	signal_stack_show(&old, esp);
	if (a->arg[0]) {
		int error = copy_from_user(&new, a->arg[0], sizeof(new));

		error = error ? error : signal_stack_set(&new, esp);
		if (error) {
			return error;
		}
	}
	return a->arg[1] ? copy_to_user(a->arg[1], &old, sizeof(old)) : 0;
}
