/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events and structures of poll() and select().
 */
#pragma once

#include <stdint.h>

#define POLLIN	   0x1u
#define POLLPRI	   0x2u
#define POLLOUT	   0x4u
#define POLLERR	   0x8u
#define POLLHUP	   0x10u
#define POLLNVAL   0x20u
#define POLLRDNORM 0x40u
#define POLLWRNORM 0x100u

struct linux_pollfd {
	int32_t fd;
	uint16_t events, revents;
};

/* Of pselect(): its last argument. */
struct linux_sigset_arg {
	uint32_t set, size;
};
