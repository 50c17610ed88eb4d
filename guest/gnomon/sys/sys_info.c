// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls about the system as a whole, and its end.
 */
#include <string.h>

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/dev/random.h"
#include "guest/gnomon/fs/ramfs.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/linux/system.h"
#include "guest/gnomon/mm/frame.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/task.h"
#include "guest/lib/div.h"

#define RANDOM_FLAGS 7u

static char host_name[UTS_LENGTH] = "gnomon";

long sys_uname(const struct syscall_args *a)
{
	struct linux_utsname u = {
		.sysname = "Linux",
		.release = LINUX_RELEASE,
		.version = LINUX_VERSION,
		.machine = "i686",
		.domainname = "(none)",
	};

	memcpy(u.nodename, host_name, sizeof(host_name));
	return copy_to_user(user_ptr(a->arg[0]), &u, sizeof(u));
}

/* Nothing of the old name is left behind a shorter one. */
long sys_sethostname(const struct syscall_args *a)
{
	char name[UTS_LENGTH] = "";

	if (a->arg[1] >= UTS_LENGTH) {
		return -EINVAL;
	}
	if (copy_from_user(name, user_ptr(a->arg[0]), a->arg[1])) {
		return -EFAULT;
	}
	memcpy(host_name, name, sizeof(name));
	return 0;
}

long sys_sysinfo(const struct syscall_args *a)
{
	struct linux_sysinfo s = {
		.uptime = (int32_t)div64(platform_now(), NS_PER_SEC, NULL),
		.totalram = frame_count_all(),
		.freeram = frame_count_free(),
		.sharedram = ramfs_frames(),
		.procs = (uint16_t)task_count(),
		.unit = PAGE_SIZE,
	};

	return copy_to_user(user_ptr(a->arg[0]), &s, sizeof(s));
}

/* The pool is seeded before the first program runs: it never waits. */
SYSCALL(getrandom, arg[2] & ~RANDOM_FLAGS ? -EINVAL
					  : random_to_user(user_ptr(arg[0]),
							   arg[1] & INT32_MAX))

/* Files live in memory, the disk was written through: nothing to save. */
long sys_reboot(const struct syscall_args *a)
{
	if (a->arg[0] != REBOOT_MAGIC1 || a->arg[1] != REBOOT_MAGIC2) {
		return -EINVAL;
	}
	switch (a->arg[2]) {
	case REBOOT_CAD_ON:
	case REBOOT_CAD_OFF:
		return 0;
	case REBOOT_RESTART:
		platform->shutdown("reboot", SHUTDOWN_RESTART);
	case REBOOT_HALT:
		platform->shutdown("halt", SHUTDOWN_POWEROFF);
	case REBOOT_POWER_OFF:
		platform->shutdown("power off", SHUTDOWN_POWEROFF);
	default:
		return -EINVAL;
	}
}

/* Every C library asks once, and can do without. */
SYSCALL(rseq, -ENOSYS)

/* --- networks: there are none --- */

SYSCALL(socketcall, -EAFNOSUPPORT)
SYSCALL(socket, -EAFNOSUPPORT)
SYSCALL(socketpair, -EAFNOSUPPORT)
