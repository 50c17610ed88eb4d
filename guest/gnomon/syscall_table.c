// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of system calls.
 *
 * A call exists when some file defines its function: the references are
 * weak, so the others are null pointers. Read sys_file.c next.
 */
#include "guest/gnomon/syscall.h"

#define CALL_WEAK(name) \
	extern __typeof(sys_##name) sys_##name __attribute__((weak));
SYSCALLS(CALL_WEAK, )

#define CALL_ENTRY(name) { #name, sys_##name },
#define CALL_NONE	 { 0, 0 },

const struct syscall syscall_table[] = { SYSCALLS(CALL_ENTRY, CALL_NONE) };
const uint32_t syscall_count = sizeof(syscall_table) / sizeof(syscall_table[0]);
