/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System calls: numbers and arguments of Linux i386.
 *
 * A call takes its arguments as the registers had them and returns a value
 * or a negative error number. One that slept in vain because of a signal
 * returns -ERESTARTSYS; signal_deliver.c makes of it what the program asked
 * for.
 */
#pragma once

#include <stdint.h>

#include "guest/gnomon/lib/syscall_names.h"

struct syscall_args {
	uint32_t arg[6]; /* EBX ECX EDX ESI EDI EBP */
};

/* sys_read() and so on. Those that no file defines are ENOSYS. */
#define SYSCALL_DECLARE(name) long sys_##name(const struct syscall_args *a);
SYSCALLS(SYSCALL_DECLARE, )
#undef SYSCALL_DECLARE

/* Define the call @name: its value is an expression, with @a and @arg. */
#define SYSCALL(name, ...)                            \
	long sys_##name(const struct syscall_args *a) \
	{                                             \
		const uint32_t *arg = a->arg;         \
		(void)arg;                            \
		return __VA_ARGS__;                   \
	}
