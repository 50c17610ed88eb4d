// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls that there are not. The others are called by entry.S.
 */
#include "guest/gnomon/syscall.h"

#include <stddef.h>

#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/log.h"
#include "guest/gnomon/trap.h"

/* entry.S has the layout typed in. */
_Static_assert(sizeof(struct syscall) == 8, "entry.S");
_Static_assert(offsetof(struct syscall, fn) == 4, "entry.S");
_Static_assert(sizeof(struct syscall_args) == 24, "entry.S");

#define NUMBERS_LOGGED 512

/* A program that tries in a loop does not flood the console. */
static bool was_logged(uint32_t number)
{
	static uint32_t logged[NUMBERS_LOGGED / 32];
	uint32_t bit = 1u << number % 32;
	bool was;

	if (number >= NUMBERS_LOGGED) {
		number = NUMBERS_LOGGED - 1;
	}
	was = logged[number / 32] & bit;
	logged[number / 32] |= bit;
	return was;
}

long syscall_unknown(struct trap_frame *f)
{
	uint32_t number = f->error;

	if (!was_logged(number)) {
		const char *name = number < syscall_count
					   ? syscall_table[number].name
					   : NULL;

		log_info("system call %u (%s) is not implemented",
			 (unsigned)number, name ? name : "no name");
	}
	return -ENOSYS;
}
