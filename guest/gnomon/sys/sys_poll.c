// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Waiting for any of several files: poll() and select() in all their forms.
 *
 * Each round asks every file; between rounds the task sleeps until anything
 * at all happens. Files are found by number each time, for another thread
 * may close them meanwhile.
 *
 * Times end at a deadline of platform_now(); 0 is for ever.
 */
#include <stdlib.h>

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/fs/fd.h"
#include "guest/gnomon/fs/file.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/signal.h"
#include "guest/gnomon/task/user_time.h"
#include "guest/gnomon/task/wait.h"

#define NS_PER_MS 1000000u
#define FDS_MAX	  65536
#define SETS	  3
#define WORD_BITS 32

static uint32_t events_of(struct file *f)
{
	uint32_t events = f->ops->poll ? f->ops->poll(f) : POLLIN | POLLOUT;

	events |= events & POLLIN ? POLLRDNORM : 0;
	events |= events & POLLOUT ? POLLWRNORM : 0;
	return events;
}

/*
 * Which of the wanted events, or of @always, hold now: how many files have
 * some. A number without a file counts, as POLLNVAL.
 */
static long ask(struct linux_pollfd *fds, uint32_t n, uint32_t always)
{
	struct linux_pollfd *p;
	long found = 0;

	for (p = fds; p < fds + n; p++) {
		struct file *f = fd_file((uint32_t)p->fd);
		uint32_t events =
			f ? events_of(f) & (p->events | always) : POLLNVAL;

		p->revents = p->fd < 0 ? 0 : (uint16_t)events;
		found += p->revents != 0;
	}
	return found;
}

/* How many there are in the end, or -E*. */
static long wait_for(struct linux_pollfd *fds, uint32_t n, uint32_t always,
		     uint64_t deadline)
{
	for (;;) {
		long found = ask(fds, n, always);

		if (found || (deadline && platform_now() >= deadline)) {
			return found;
		}
		if (wait_poll(deadline) == -ERESTARTSYS) {
			return -ERESTARTNOHAND;
		}
	}
}

/* @arg: where they are, how many. */
static long do_poll(const uint32_t *arg, uint64_t deadline)
{
	size_t size = arg[1] * sizeof(struct linux_pollfd);
	struct linux_pollfd *fds;
	long result;

	if (arg[1] > FDS_MAX) {
		return -EINVAL;
	}
	fds = malloc(size + 1);
	if (!fds) {
		return -ENOMEM;
	}
	result = copy_from_user(fds, user_ptr(arg[0]), size);
	if (!result) {
		result = wait_for(fds, arg[1], POLLERR | POLLHUP, deadline);
	}
	if (result >= 0 && copy_to_user(user_ptr(arg[0]), fds, size)) {
		result = -EFAULT;
	}
	free(fds);
	return result;
}

/* --- select() in terms of poll() --- */

/* What each set asks for. */
static const uint16_t meaning[SETS] = { POLLIN | POLLHUP | POLLERR,
					POLLOUT | POLLERR, POLLPRI };

/*
 * Ask for what is in set @k at user address @at, if it is there at all; or let
 * only that stay in it which holds: how many, or -E*. What was wanted has to
 * exist. A program that changes the set meanwhile gets an answer to both.
 */
static long walk_set(struct user_ptr at, uint32_t k, struct linux_pollfd *fds,
		     uint32_t n, bool answers)
{
	uint32_t word = 0;
	long found = 0;

	for (uint32_t fd = 0; at.at && fd < n; fd++) {
		uint32_t bit = 1u << fd % WORD_BITS;
		struct user_ptr place =
			user_rest(at, fd / WORD_BITS * sizeof(word));

		if (bit == 1 && read_user_u32(&word, place)) {
			return -EFAULT;
		}
		if (!(word & bit)) {
			continue;
		}
		if (!answers) {
			fds[fd].fd = (int32_t)fd;
			fds[fd].events |= meaning[k];
		} else if (fds[fd].revents == POLLNVAL) {
			return -EBADF;
		} else if (fds[fd].revents & meaning[k]) {
			found++;
		} else {
			word &= ~bit;
			if (write_user_u32(place, word)) {
				return -EFAULT;
			}
		}
	}
	return found;
}

/* @arg: how many bits, and where the sets are. */
static long do_select(const uint32_t *arg, uint64_t deadline)
{
	uint32_t n = arg[0], k;
	struct linux_pollfd *fds;
	long result = 0, found = 0;

	if (n > FDS_MAX) {
		return -EINVAL;
	}
	fds = malloc(n * sizeof(*fds) + 1);
	if (!fds) {
		return -ENOMEM;
	}
	for (uint32_t fd = 0; fd < n; fd++) {
		fds[fd] = (struct linux_pollfd){ .fd = -1 };
	}
	for (k = 0; k < SETS && !result; k++) {
		result = walk_set(user_ptr(arg[1 + k]), k, fds, n, false);
	}
	if (!result) {
		result = wait_for(fds, n, 0, deadline);
	}
	for (k = 0; k < SETS && result >= 0; k++) {
		result = walk_set(user_ptr(arg[1 + k]), k, fds, n, true);
		found += result;
	}
	free(fds);
	return result < 0 ? result : found;
}

/* --- calls --- */

typedef long (*waiting_fn)(const uint32_t *arg, uint64_t deadline);

long sys_poll(const struct syscall_args *a)
{
	int32_t ms = (int32_t)a->arg[2];
	uint64_t end = platform_now() + (uint64_t)ms * NS_PER_MS;

	return do_poll(a->arg, ms < 0 ? 0 : end);
}

/*
 * For the length of the call the signals at @mask are blocked. After one that
 * came its delivery restores them, so that it can be delivered. What is left
 * of the time goes back to the program, if that can be written to.
 */
static long wait_masked(waiting_fn fn, const uint32_t *arg,
			struct user_ptr time, enum user_time form,
			struct linux_sigset_arg mask)
{
	uint64_t deadline, now, blocked = 0;
	long result = user_deadline_get(time, form, USER_FROM_NOW, &deadline);

	if (!result && mask.set) {
		result =
			signal_set_get(&blocked, user_ptr(mask.set), mask.size);
	}
	if (result) {
		return result;
	}
	if (mask.set) {
		signal_set_blocked_now(blocked);
	}
	result = fn(arg, deadline);
	if (result != -ERESTARTNOHAND) {
		current->blocked = current->blocked_after;
	}
	if (time.at) {
		now = platform_now();
		(void)user_time_put(time, form,
				    deadline > now ? deadline - now : 0);
	}
	return result;
}

static long masked_poll(const uint32_t *arg, enum user_time form)
{
	struct linux_sigset_arg mask = { arg[3], arg[4] };

	return wait_masked(do_poll, arg, user_ptr(arg[2]), form, mask);
}

static long masked_select(const uint32_t *arg, enum user_time form)
{
	struct linux_sigset_arg mask = { 0 };
	long error =
		arg[5] ? copy_from_user(&mask, user_ptr(arg[5]), sizeof(mask))
		       : 0;

	return error ? error
		     : wait_masked(do_select, arg, user_ptr(arg[4]), form,
				   mask);
}

SYSCALL(_newselect, wait_masked(do_select, arg, user_ptr(arg[4]), USER_TIMEVAL,
				(struct linux_sigset_arg){ 0 }))
SYSCALL(ppoll, masked_poll(arg, USER_TIMESPEC))
SYSCALL(ppoll_time64, masked_poll(arg, USER_TIMESPEC64))
SYSCALL(pselect6, masked_select(arg, USER_TIMESPEC))
SYSCALL(pselect6_time64, masked_select(arg, USER_TIMESPEC64))
