// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Waiting for any of several files.
 *
 * Each round asks every file; between rounds the task sleeps until anything
 * at all happens. Files are found by number each time, for another thread
 * may close them meanwhile. Read sys_poll.c next.
 */
#include "guest/gnomon/poll.h"

#include <stddef.h>

#include "guest/gnomon/file.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/wait.h"

/* What a set of select() means in terms of poll(). */
#define READABLE (POLLIN | POLLHUP | POLLERR)
#define WRITABLE (POLLOUT | POLLERR)
#define SPECIAL	 POLLPRI

#define WORD_BITS 32

uint32_t file_poll(struct file *f, uint32_t wanted)
{
	uint32_t events = f->ops->poll ? f->ops->poll(f) : POLLIN | POLLOUT;

	events |= events & POLLIN ? POLLRDNORM : 0;
	events |= events & POLLOUT ? POLLWRNORM : 0;
	return events & (wanted | POLLERR | POLLHUP);
}

/* A number that is no file is news as well. */
static long poll_once(struct linux_pollfd *fds, uint32_t n)
{
	long found = 0;

	for (uint32_t k = 0; k < n; k++) {
		struct file *f;

		fds[k].revents = 0;
		if (fds[k].fd < 0) {
			continue;
		}
		f = fd_file((uint32_t)fds[k].fd);
		fds[k].revents =
			(uint16_t)(f ? file_poll(f, fds[k].events) : POLLNVAL);
		found += fds[k].revents != 0;
	}
	return found;
}

/* Bit @fd of what @set asks for, and in @set + its size what was found. */
static bool is_wanted(const uint32_t *set, uint32_t fd)
{
	return set && (set[fd / WORD_BITS] >> fd % WORD_BITS & 1);
}

/* Sets are counted by bits: a file may be found three times. */
static long report(uint32_t *found, uint32_t fd, uint32_t events)
{
	if (events) {
		found[fd / WORD_BITS] |= 1u << fd % WORD_BITS;
	}
	return events != 0;
}

static long select_once(struct poll_sets *s)
{
	static const uint32_t meaning[POLL_SETS] = { READABLE, WRITABLE,
						     SPECIAL };
	long found = 0;

	for (uint32_t fd = 0; fd < s->n; fd++) {
		struct file *f = NULL;
		uint32_t events = 0;

		for (uint32_t k = 0; k < POLL_SETS; k++) {
			if (!is_wanted(s->wanted[k], fd)) {
				continue;
			}
			if (!f) {
				f = fd_file(fd);
				if (!f) {
					return -EBADF;
				}
				events = file_poll(f,
						   POLLIN | POLLOUT | POLLPRI);
			}
			found += report(s->found[k], fd, events & meaning[k]);
		}
	}
	return found;
}

/* Rounds until one finds something. */
static long rounds(struct linux_pollfd *fds, uint32_t n, struct poll_sets *s,
		   const struct poll_time *t)
{
	for (;;) {
		long found = s ? select_once(s) : poll_once(fds, n);
		int error;

		if (found || t->is_now) {
			return found;
		}
		error = wait_poll(t->deadline);
		if (error) {
			return error == -ETIMEDOUT     ? 0
			       : error == -ERESTARTSYS ? -ERESTARTNOHAND
						       : error;
		}
	}
}

long poll_files(struct linux_pollfd *fds, uint32_t n, const struct poll_time *t)
{
	return rounds(fds, n, NULL, t);
}

long poll_select(struct poll_sets *s, const struct poll_time *t)
{
	return rounds(NULL, 0, s, t);
}
