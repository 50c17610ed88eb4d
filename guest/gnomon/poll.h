/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waiting for any of several files: between poll.c and sys_poll.c.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/linux/poll.h"

struct poll_time {
	bool is_now;	   /* do not sleep */
	uint64_t deadline; /* ns of platform->now(); 0: none */
};

#define POLL_SETS 3 /* readable, writable, special */

struct poll_sets {
	uint32_t n;		     /* files, in bits */
	uint32_t *wanted[POLL_SETS]; /* NULL: none */
	uint32_t *found[POLL_SETS];  /* zeroed by the caller */
};

/* How many were found, 0: time is over, or -E*. */
long poll_files(struct linux_pollfd *fds, uint32_t n,
		const struct poll_time *t);
long poll_select(struct poll_sets *s, const struct poll_time *t);
