/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Structures of poll() and select().
 */
#pragma once

#include <stdint.h>

#define POLLRDNORM 0x40u
#define POLLWRNORM 0x100u

struct linux_pollfd {
	int32_t fd;
	uint16_t events, revents;
};

/* Of the old select(), which has its arguments in memory. */
struct linux_select {
	uint32_t n, in, out, except, timeout;
};

/* Of pselect(): its last argument. */
struct linux_sigset_arg {
	uint32_t set, size;
};
