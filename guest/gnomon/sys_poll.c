// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls that wait for files: poll() and select() in all their forms.
 */
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/clock.h"
#include "guest/gnomon/file.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/poll.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"
#include "guest/lib/div.h"

#define NS_PER_MS     1000000u
#define NS_PER_US     1000u
#define SECONDS_MAX   0x7fffffffu
#define SIGSET_SIZE   8
#define NEVER_BLOCKED (1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1))
#define FDS_MAX	      65536

/* A time in user memory: what its two words are. */
enum time_form {
	TIME_MICRO, /* timeval */
	TIME_NANO,  /* timespec */
	TIME_WIDE,  /* timespec of 64-bit words */
};

/* No time at all is a question, not a wait. */
static void time_after(struct poll_time *t, uint64_t ns)
{
	t->is_now = !ns;
	t->deadline = platform->now() + ns;
}

/* @at 0: for ever. */
static int read_time(uint32_t at, enum time_form form, struct poll_time *t)
{
	uint32_t unit = form == TIME_MICRO ? NS_PER_US : 1;
	uint32_t word[4] = { 0 };
	int error;

	*t = (struct poll_time){ 0 };
	if (!at) {
		return 0;
	}
	error = copy_from_user(word, at, form == TIME_WIDE ? 16 : 8);
	if (error) {
		return error;
	}
	if (form == TIME_WIDE) {
		/* Whoever asks for more than 68 years will not be disappointed.
		 */
		if (word[1] && !(word[1] >> 31)) {
			word[0] = SECONDS_MAX;
		} else if (word[1]) {
			return -EINVAL;
		}
		word[0] = word[0] > SECONDS_MAX ? SECONDS_MAX : word[0];
		word[1] = word[2];
	}
	if (word[0] > SECONDS_MAX || word[1] >= NS_PER_SEC / unit) {
		return -EINVAL;
	}
	time_after(t, (uint64_t)word[0] * NS_PER_SEC + word[1] * unit);
	return 0;
}

/* What is left goes back to the program, whatever the call returns. */
static void write_time(uint32_t at, enum time_form form,
		       const struct poll_time *t)
{
	uint64_t now = platform->now(), left = 0;
	uint32_t word[4] = { 0 }, rest;

	if (!at) {
		return;
	}
	if (t->deadline > now) {
		left = t->deadline - now;
	}
	word[0] = (uint32_t)div64(left, NS_PER_SEC, &rest);
	if (form == TIME_WIDE) {
		word[2] = rest;
	} else {
		word[1] = form == TIME_MICRO ? rest / NS_PER_US : rest;
	}
	/* A time in read-only memory just stays what it was. */
	(void)copy_to_user(at, word, form == TIME_WIDE ? 16 : 8);
}

/* --- signals that are blocked for the length of a call --- */

static int mask_begin(uint32_t set, uint32_t size)
{
	uint64_t mask;

	if (!set) {
		return 0;
	}
	if (size != SIGSET_SIZE) {
		return -EINVAL;
	}
	if (copy_from_user(&mask, set, sizeof(mask))) {
		return -EFAULT;
	}
	current->saved_blocked = current->blocked;
	current->blocked = mask & ~NEVER_BLOCKED;
	current->restores_blocked = true;
	return 0;
}

/* After a signal its delivery restores them, so that it can be delivered. */
static void mask_end(uint32_t set, long result)
{
	if (set && result != -ERESTARTNOHAND) {
		current->blocked = current->saved_blocked;
		current->restores_blocked = false;
	}
}

/* --- poll --- */

static long do_poll(uint32_t at, uint32_t n, const struct poll_time *t)
{
	struct linux_pollfd *fds;
	size_t size = n * sizeof(*fds);
	long result;

	if (n > FDS_MAX) {
		return -EINVAL;
	}
	fds = malloc(size + 1);
	if (!fds) {
		return -ENOMEM;
	}
	result = copy_from_user(fds, at, size);
	if (!result) {
		result = poll_files(fds, n, t);
	}
	if (result >= 0 && copy_to_user(at, fds, size)) {
		result = -EFAULT;
	}
	free(fds);
	return result;
}

long sys_poll(const struct syscall_args *a)
{
	struct poll_time t = { 0 };
	int32_t ms = (int32_t)a->arg[2];

	if (ms >= 0) {
		time_after(&t, (uint64_t)ms * NS_PER_MS);
	}
	return do_poll(a->arg[0], a->arg[1], &t);
}

static long masked_poll(const struct syscall_args *a, enum time_form form)
{
	struct poll_time t;
	long result = read_time(a->arg[2], form, &t);

	if (!result) {
		result = mask_begin(a->arg[3], a->arg[4]);
	}
	if (result) {
		return result;
	}
	result = do_poll(a->arg[0], a->arg[1], &t);
	mask_end(a->arg[3], result);
	write_time(a->arg[2], form, &t);
	return result;
}

SYSCALL(ppoll, masked_poll(a, TIME_NANO))
SYSCALL(ppoll_time64, masked_poll(a, TIME_WIDE))

/* --- select --- */

static long do_select(const uint32_t at[POLL_SETS], uint32_t n,
		      const struct poll_time *t)
{
	uint32_t words = (n + 31) / 32, *memory;
	struct poll_sets s = { .n = n };
	long result = 0;

	if (n > FDS_MAX) {
		return -EINVAL;
	}
	memory = calloc(2 * POLL_SETS * words + 1, sizeof(*memory));
	if (!memory) {
		return -ENOMEM;
	}
	for (uint32_t k = 0; k < POLL_SETS && !result; k++) {
		s.found[k] = memory + (POLL_SETS + k) * words;
		if (at[k]) {
			s.wanted[k] = memory + k * words;
			result = copy_from_user(s.wanted[k], at[k], words * 4);
		}
	}
	if (!result) {
		result = poll_select(&s, t);
	}
	for (uint32_t k = 0; k < POLL_SETS && result >= 0; k++) {
		if (at[k] && copy_to_user(at[k], s.found[k], words * 4)) {
			result = -EFAULT;
		}
	}
	free(memory);
	return result;
}

long sys__newselect(const struct syscall_args *a)
{
	struct poll_time t;
	long result = read_time(a->arg[4], TIME_MICRO, &t);

	if (!result) {
		result = do_select(&a->arg[1], a->arg[0], &t);
		write_time(a->arg[4], TIME_MICRO, &t);
	}
	return result;
}

long sys_select(const struct syscall_args *a)
{
	struct syscall_args inner = { 0 };

	if (copy_from_user(&inner, a->arg[0], sizeof(struct linux_select))) {
		return -EFAULT;
	}
	return sys__newselect(&inner);
}

static long masked_select(const struct syscall_args *a, enum time_form form)
{
	struct linux_sigset_arg mask = { 0 };
	struct poll_time t;
	long result = read_time(a->arg[4], form, &t);

	if (!result && a->arg[5]) {
		result = copy_from_user(&mask, a->arg[5], sizeof(mask));
	}
	if (!result) {
		result = mask_begin(mask.set, mask.size);
	}
	if (result) {
		return result;
	}
	result = do_select(&a->arg[1], a->arg[0], &t);
	mask_end(mask.set, result);
	write_time(a->arg[4], form, &t);
	return result;
}

SYSCALL(pselect6, masked_select(a, TIME_NANO))
SYSCALL(pselect6_time64, masked_select(a, TIME_WIDE))
