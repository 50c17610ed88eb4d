// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls that change what is known about a file: its rights, owner and
 * time.
 */
#include <stdbool.h>

#include "guest/gnomon/clock.h"
#include "guest/gnomon/file.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/fcntl.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"

#define KEEP	   UINT32_MAX /* an owner that stays */
#define UTIME_NOW  0x3fffffffu
#define UTIME_OMIT 0x3ffffffeu
#define NS_PER_US  1000u

/* Referenced, or -EBADF. */
static int inode_of_fd(uint32_t fd, struct inode **out)
{
	struct file *f = fd_file(fd);

	if (!f) {
		return -EBADF;
	}
	*out = f->inode;
	inode_get(*out);
	return 0;
}

/* --- rights --- */

static long change_mode(int error, struct inode *i, uint32_t mode)
{
	if (!error) {
		i->mode = (i->mode & S_IFMT) | (mode & 07777);
		inode_put(i);
	}
	return error;
}

long sys_chmod(const struct syscall_args *a)
{
	struct inode *i = NULL;
	int error = fd_lookup(AT_FDCWD, a->arg[0], 0, &i);

	return change_mode(error, i, a->arg[1]);
}

long sys_fchmod(const struct syscall_args *a)
{
	struct inode *i = NULL;
	int error = inode_of_fd(a->arg[0], &i);

	return change_mode(error, i, a->arg[1]);
}

long sys_fchmodat(const struct syscall_args *a)
{
	struct inode *i = NULL;
	int error = fd_lookup(a->arg[0], a->arg[1], 0, &i);

	return change_mode(error, i, a->arg[2]);
}

long sys_umask(const struct syscall_args *a)
{
	uint32_t old = current->fs->umask;

	current->fs->umask = a->arg[0] & 0777;
	return (long)old;
}

/* --- owner --- */

/* Of the calls of 16-bit owners. */
static uint32_t widen(uint32_t id)
{
	id &= 0xffff;
	return id == 0xffff ? KEEP : id;
}

static long change_owner(int error, struct inode *i, uint32_t uid, uint32_t gid)
{
	if (!error) {
		i->uid = uid == KEEP ? i->uid : uid;
		i->gid = gid == KEEP ? i->gid : gid;
		inode_put(i);
	}
	return error;
}

static long chown_at(uint32_t fd, uint32_t path, uint32_t at_flags,
		     uint32_t uid, uint32_t gid)
{
	struct inode *i = NULL;
	int error = fd_lookup(fd, path, at_flags, &i);

	return change_owner(error, i, uid, gid);
}

SYSCALL(chown, chown_at(AT_FDCWD, arg[0], 0, widen(arg[1]), widen(arg[2])))
SYSCALL(lchown, chown_at(AT_FDCWD, arg[0], AT_SYMLINK_NOFOLLOW, widen(arg[1]),
			 widen(arg[2])))
SYSCALL(chown32, chown_at(AT_FDCWD, arg[0], 0, arg[1], arg[2]))
SYSCALL(lchown32,
	chown_at(AT_FDCWD, arg[0], AT_SYMLINK_NOFOLLOW, arg[1], arg[2]))
SYSCALL(fchownat, chown_at(arg[0], arg[1], arg[4], arg[2], arg[3]))

long sys_fchown(const struct syscall_args *a)
{
	struct inode *i = NULL;
	int error = inode_of_fd(a->arg[0], &i);

	return change_owner(error, i, widen(a->arg[1]), widen(a->arg[2]));
}

long sys_fchown32(const struct syscall_args *a)
{
	struct inode *i = NULL;
	int error = inode_of_fd(a->arg[0], &i);

	return change_owner(error, i, a->arg[1], a->arg[2]);
}

/* --- time --- */

static long set_time(struct inode *i, uint32_t seconds, uint32_t ns)
{
	if (ns == UTIME_NOW) {
		inode_touch(i);
	} else if (ns == UTIME_OMIT) {
		return 0;
	} else if (ns >= NS_PER_SEC) {
		return -EINVAL;
	} else {
		i->mtime = (uint64_t)seconds * NS_PER_SEC + ns;
	}
	return 0;
}

/*
 * The second of two times at @at, which is that of modification: pairs of
 * @words words. @at 0: now.
 */
static long set_time_from(struct inode *i, uint32_t at, uint32_t words,
			  uint32_t unit)
{
	uint32_t word[8] = { [3] = UTIME_NOW };
	uint32_t seconds, fraction;

	if (!at) {
		inode_touch(i);
		return 0;
	}
	if (copy_from_user(word, at, 2 * words * sizeof(word[0]))) {
		return -EFAULT;
	}
	seconds = word[words];
	fraction = word[words + words / 2];
	if (unit == NS_PER_US) {
		if (fraction >= NS_PER_SEC / NS_PER_US) {
			return -EINVAL;
		}
		fraction *= NS_PER_US;
	}
	return set_time(i, seconds, fraction);
}

static long times_at(uint32_t fd, uint32_t path, uint32_t at_flags, uint32_t at,
		     uint32_t words, uint32_t unit)
{
	struct inode *i;
	long result =
		path ? fd_lookup(fd, path, at_flags, &i) : inode_of_fd(fd, &i);

	if (!result) {
		result = set_time_from(i, at, words, unit);
		inode_put(i);
	}
	return result;
}

long sys_utime(const struct syscall_args *a)
{
	uint32_t time[2] = { 0 };
	struct inode *i;
	long result = 0;

	if (a->arg[1]) {
		result = copy_from_user(time, a->arg[1], sizeof(time));
	}
	if (!result) {
		result = fd_lookup(AT_FDCWD, a->arg[0], 0, &i);
	}
	if (!result) {
		result = set_time(i, time[1], a->arg[1] ? 0 : UTIME_NOW);
		inode_put(i);
	}
	return result;
}

SYSCALL(utimes, times_at(AT_FDCWD, arg[0], 0, arg[1], 2, NS_PER_US))
SYSCALL(futimesat, times_at(arg[0], arg[1], 0, arg[2], 2, NS_PER_US))
SYSCALL(utimensat, times_at(arg[0], arg[1], arg[3], arg[2], 2, 1))
SYSCALL(utimensat_time64, times_at(arg[0], arg[1], arg[3], arg[2], 4, 1))
