// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of system calls, through which entry.S calls them.
 *
 * A call exists when some file defines its function: the references are
 * weak, so the others are null pointers. Read sys_fs.c next.
 */
#include <stdbool.h>

#include "guest/gnomon/lib/log.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/linux/elf.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/ioctl.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/linux/stat.h"
#include "guest/gnomon/linux/system.h"
#include "guest/lib/trap.h"
#include "hv/abi/lguest.h"
#include "hv/abi/umbra.h"

/*
 * Calls that succeed without effect: there is one user, one processor and one
 * policy, nothing is ever paged out, a terminal has no line to hang up, and a
 * thread that dies with a lock keeps it.
 */
/* clang-format off */
#define AGREED(CALL) \
	CALL(getuid) CALL(geteuid) CALL(getgid) CALL(getegid) CALL(setuid) \
	CALL(setgid) CALL(getuid32) CALL(geteuid32) CALL(getgid32) \
	CALL(getegid32) CALL(setuid32) CALL(setgid32) CALL(setreuid32) \
	CALL(setregid32) CALL(setresuid32) CALL(setresgid32) CALL(setfsuid32) \
	CALL(setfsgid32) CALL(getgroups32) CALL(setgroups32) CALL(nice) \
	CALL(setpriority) CALL(sched_setparam) CALL(sched_setscheduler) \
	CALL(sched_getscheduler) CALL(sched_get_priority_max) \
	CALL(sched_get_priority_min) CALL(sched_setaffinity) CALL(mlock) \
	CALL(munlock) CALL(mlockall) CALL(munlockall) CALL(vhangup) \
	CALL(personality) CALL(set_robust_list)
/* clang-format on */

#define CALL_WEAK(name) \
	extern __typeof(sys_##name) sys_##name __attribute__((weak));
#define CALL_AGREED(name) \
	__typeof(sys_##name) sys_##name __attribute__((alias("do_nothing")));
#define CALL_ENTRY(name) { #name, sys_##name },
#define CALL_NONE	 { NULL, NULL },

static long do_nothing(const struct syscall_args *a)
{
	(void)a;
	return 0;
}

SYSCALLS(CALL_WEAK, )
AGREED(CALL_AGREED)

long syscall_unknown(struct trap_frame *f);

/* By number; those without a function are ENOSYS. */
const struct syscall {
	const char *name;
	long (*fn)(const struct syscall_args *a);
} syscall_table[] = { SYSCALLS(CALL_ENTRY, CALL_NONE) };

#define COUNT (sizeof(syscall_table) / sizeof(syscall_table[0]))
const uint32_t syscall_count = COUNT;

/* entry.S has the layout typed in. */
_Static_assert(sizeof(struct syscall) == 8, "entry.S");
_Static_assert(offsetof(struct syscall, fn) == 4, "entry.S");
_Static_assert(sizeof(struct syscall_args) == 24, "entry.S");

/*
 * entry.S: number f->error is not in the table, or is not implemented.
 * Noted once: a program that tries in a loop does not flood the
 * log.
 */
long syscall_unknown(struct trap_frame *f)
{
	static bool was_logged[COUNT + 1];
	uint32_t number = f->error;
	bool *was = &was_logged[number < COUNT ? number : COUNT];
	const char *name = number < COUNT ? syscall_table[number].name : NULL;

	if (!*was) {
		log_debug("system call %u (%s) is not implemented",
			 (unsigned)number, name ? name : "no name");
	}
	*was = true;
	return -ENOSYS;
}
