// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls that tell what is known about a file, and those that change it:
 * stat(), statfs(), access(), rights, owners, times, the names in a directory.
 *
 * Each is a function of an inode; the forms of a call differ in how they name
 * it.
 */
#include <string.h>

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/fs/fd.h"
#include "guest/gnomon/fs/file.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/linux/fcntl.h"
#include "guest/gnomon/linux/stat.h"
#include "guest/gnomon/mm/frame.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/task.h"
#include "guest/lib/div.h"

#define BLOCK 512

#define KEEP	   UINT32_MAX /* an owner that stays */
#define UTIME_NOW  0x3fffffffu
#define UTIME_OMIT 0x3ffffffeu

/* --- stat --- */

/* Holes count: what a file really has is not worth a walk. */
static uint64_t blocks_of(const struct inode *i)
{
	return (i->size + BLOCK - 1) / BLOCK;
}

/* To user address @arg[0], as the others. One time stands for all. */
static long tell_stat64(struct inode *i, const uint32_t *arg)
{
	struct linux_time t;
	struct linux_stat64 s = {
		.dev = i->dev,
		.ino32 = i->ino,
		.mode = i->mode,
		.nlink = i->links,
		.uid = i->uid,
		.gid = i->gid,
		.rdev = i->rdev,
		.size = i->size,
		.blksize = PAGE_SIZE,
		.blocks = blocks_of(i),
		.ino = i->ino,
	};

	t.seconds = (uint32_t)div64(i->mtime, NS_PER_SEC, &t.ns);
	s.atime = s.mtime = s.ctime = t;
	return copy_to_user(user_ptr(arg[0]), &s, sizeof(s));
}

static long tell_statx(struct inode *i, const uint32_t *arg)
{
	struct linux_statx_time t = { 0 };
	struct linux_statx s = {
		.mask = STATX_BASIC_STATS,
		.blksize = PAGE_SIZE,
		.nlink = i->links,
		.uid = i->uid,
		.gid = i->gid,
		.mode = (uint16_t)i->mode,
		.ino = i->ino,
		.size = i->size,
		.blocks = blocks_of(i),
		.rdev_major = i->rdev >> 8 & 0xfff,
		.rdev_minor = i->rdev & 0xff,
		.dev_minor = i->dev,
	};

	t.seconds = (int64_t)div64(i->mtime, NS_PER_SEC, &t.ns);
	s.atime = s.mtime = s.ctime = t;
	return copy_to_user(user_ptr(arg[0]), &s, sizeof(s));
}

SYSCALL(stat64, do_at(AT_FDCWD, user_ptr(arg[0]), 0, tell_stat64, arg + 1))
SYSCALL(lstat64, do_at(AT_FDCWD, user_ptr(arg[0]), AT_SYMLINK_NOFOLLOW,
		       tell_stat64, arg + 1))
SYSCALL(fstat64, do_on(arg[0], tell_stat64, arg + 1))
SYSCALL(fstatat64,
	do_at(arg[0], user_ptr(arg[1]), arg[3], tell_stat64, arg + 2))
SYSCALL(statx, do_at(arg[0], user_ptr(arg[1]), arg[2], tell_statx, arg + 4))

/* --- statfs --- */

/* C libraries disagree about padding at the end, so they tell the size. */
static long tell_statfs(struct inode *i, const uint32_t *arg)
{
	bool has_frames = i->dev != 0; /* unlike /proc and pipes */
	struct linux_statfs64 s = {
		.type = has_frames ? RAMFS_MAGIC : PROC_MAGIC,
		.bsize = PAGE_SIZE,
		.blocks = has_frames ? frame_count_all() : 0,
		.bfree = has_frames ? frame_count_free() : 0,
		.namelen = NAME_MAX,
		.frsize = PAGE_SIZE,
	};

	s.bavail = s.bfree;
	if (arg[0] != sizeof(s) && arg[0] != sizeof(s) + 4) {
		return -EINVAL;
	}
	return copy_to_user(user_ptr(arg[1]), &s, sizeof(s));
}

SYSCALL(statfs64, do_at(AT_FDCWD, user_ptr(arg[0]), 0, tell_statfs, arg + 1))
SYSCALL(fstatfs64, do_on(arg[0], tell_statfs, arg + 1))

/* --- rights --- */

/* Everybody is root, who may do all but run what nobody may. */
static long may_access(struct inode *i, const uint32_t *arg)
{
	if (arg[0] & ~(R_OK | W_OK | X_OK)) {
		return -EINVAL;
	}
	return (arg[0] & X_OK) && !inode_is(i, S_IFDIR) && !(i->mode & 0111)
		       ? -EACCES
		       : 0;
}

SYSCALL(access, do_at(AT_FDCWD, user_ptr(arg[0]), 0, may_access, arg + 1))
SYSCALL(faccessat, do_at(arg[0], user_ptr(arg[1]), 0, may_access, arg + 2))
SYSCALL(faccessat2,
	do_at(arg[0], user_ptr(arg[1]), arg[3], may_access, arg + 2))

static long set_mode(struct inode *i, const uint32_t *arg)
{
	i->mode = (i->mode & S_IFMT) | (arg[0] & 07777);
	return 0;
}

SYSCALL(chmod, do_at(AT_FDCWD, user_ptr(arg[0]), 0, set_mode, arg + 1))
SYSCALL(fchmod, do_on(arg[0], set_mode, arg + 1))
SYSCALL(fchmodat, do_at(arg[0], user_ptr(arg[1]), 0, set_mode, arg + 2))

long sys_umask(const struct syscall_args *a)
{
	uint32_t old = current->process->umask;

	current->process->umask = a->arg[0] & 0777;
	return (long)old;
}

static long set_owner(struct inode *i, const uint32_t *arg)
{
	i->uid = arg[0] == KEEP ? i->uid : arg[0];
	i->gid = arg[1] == KEEP ? i->gid : arg[1];
	return 0;
}

SYSCALL(chown32, do_at(AT_FDCWD, user_ptr(arg[0]), 0, set_owner, arg + 1))
SYSCALL(lchown32, do_at(AT_FDCWD, user_ptr(arg[0]), AT_SYMLINK_NOFOLLOW,
			set_owner, arg + 1))
SYSCALL(fchown32, do_on(arg[0], set_owner, arg + 1))
SYSCALL(fchownat, do_at(arg[0], user_ptr(arg[1]), arg[4], set_owner, arg + 2))

/* --- time --- */

/*
 * To that of modification, the second of two times at user address @arg[0],
 * each of @arg[1] words; without an address to now.
 */
static long set_time(struct inode *i, const uint32_t *arg)
{
	uint32_t size = arg[1] * sizeof(uint32_t), word[4] = { 0 };
	uint32_t ns = UTIME_NOW;

	if (arg[0]) {
		if (copy_from_user(word, user_ptr(arg[0] + size), size)) {
			return -EFAULT;
		}
		ns = word[arg[1] / 2];
	}
	if (ns == UTIME_NOW) {
		inode_touch(i);
	} else if (ns < NS_PER_SEC) {
		i->mtime = (uint64_t)word[0] * NS_PER_SEC + ns;
	} else if (ns != UTIME_OMIT) {
		return -EINVAL;
	}
	return 0;
}

static long set_time_at(const uint32_t *arg, uint32_t words)
{
	const uint32_t time[] = { arg[2], words };

	return arg[1] ? do_at(arg[0], user_ptr(arg[1]), arg[3], set_time, time)
		      : do_on(arg[0], set_time, time);
}

SYSCALL(utimensat, set_time_at(arg, 2))
SYSCALL(utimensat_time64, set_time_at(arg, 4))

/* --- getdents --- */

#define PADDING 8

long sys_getdents64(const struct syscall_args *a)
{
	static uint8_t
		record[sizeof(struct linux_dirent64) + NAME_MAX + PADDING];
	struct linux_dirent64 *d = (struct linux_dirent64 *)record;
	struct file *f = fd_file(a->arg[0]);
	uint32_t done = 0, ino, mode;
	uint64_t next;
	size_t length;
	int result;

	if (!f || !f->inode->ops->entry) {
		return f ? -ENOTDIR : -EBADF;
	}
	for (;;) {
		next = f->position;
		if (next < FIRST_PLACE) {
			strcpy(d->name, next++ ? ".." : ".");
			ino = f->inode->ino;
			mode = f->inode->mode;
			result = 1;
		} else {
			result = f->inode->ops->entry(f->inode, &next, d->name,
						      &ino, &mode);
		}
		if (result <= 0) {
			break;
		}
		length = strlen(d->name);
		memset(d->name + length, 0, PADDING);
		d->ino = ino;
		d->next = next;
		d->type = (uint8_t)((mode & S_IFMT) >> 12);
		d->size = (uint16_t)((sizeof(*d) + length + PADDING) &
				     ~(PADDING - 1u));
		if (d->size > a->arg[2] - done) {
			result = -EINVAL;
			break;
		}
		result = copy_to_user(user_ptr(a->arg[1] + done), record,
				      d->size);
		if (result) {
			break;
		}
		f->position = next;
		done += d->size;
	}
	return done ? (long)done : result;
}
