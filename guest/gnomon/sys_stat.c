// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls that tell about files: stat() in all its forms, statfs(),
 * access() and the names in a directory.
 */
#include <string.h>

#include "guest/gnomon/clock.h"
#include "guest/gnomon/file.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/fcntl.h"
#include "guest/gnomon/linux/stat.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/uaccess.h"
#include "guest/lib/div.h"

#define BLOCK 512

/* One time stands for all three. */
static struct linux_time time_of(const struct inode *i)
{
	struct linux_time t;

	t.seconds = (uint32_t)div64(i->mtime, NS_PER_SEC, &t.ns);
	return t;
}

/* Holes count: what a file really has is not worth a walk. */
static uint64_t blocks_of(const struct inode *i)
{
	return (i->size + BLOCK - 1) / BLOCK;
}

/* Puts what stat() says about @i at user address @to. */
typedef long (*stat_writer)(const struct inode *i, uint32_t to);

static long write_stat(const struct inode *i, uint32_t to)
{
	struct linux_time t = time_of(i);
	struct linux_stat s = {
		.dev = i->dev,
		.ino = i->ino,
		.mode = (uint16_t)i->mode,
		.nlink = (uint16_t)i->links,
		.uid = (uint16_t)i->uid,
		.gid = (uint16_t)i->gid,
		.rdev = i->rdev,
		.size = (uint32_t)i->size,
		.blksize = PAGE_SIZE,
		.blocks = (uint32_t)blocks_of(i),
		.atime = t,
		.mtime = t,
		.ctime = t,
	};

	if (i->size > INT32_MAX) {
		return -EOVERFLOW;
	}
	return copy_to_user(to, &s, sizeof(s));
}

static long write_stat64(const struct inode *i, uint32_t to)
{
	struct linux_time t = time_of(i);
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
		.atime = t,
		.mtime = t,
		.ctime = t,
		.ino = i->ino,
	};

	return copy_to_user(to, &s, sizeof(s));
}

static long write_statx(const struct inode *i, uint32_t to)
{
	struct linux_time t = time_of(i);
	struct linux_statx_time tx = { .seconds = t.seconds, .ns = t.ns };
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
		.atime = tx,
		.ctime = tx,
		.mtime = tx,
		.rdev_major = i->rdev >> 8 & 0xfff,
		.rdev_minor = i->rdev & 0xff,
		.dev_minor = i->dev,
	};

	return copy_to_user(to, &s, sizeof(s));
}

static long stat_at(uint32_t fd, uint32_t path, uint32_t at_flags,
		    stat_writer write, uint32_t to)
{
	struct inode *i;
	long result = fd_lookup(fd, path, at_flags, &i);

	if (!result) {
		result = write(i, to);
		inode_put(i);
	}
	return result;
}

static long stat_fd(uint32_t fd, stat_writer write, uint32_t to)
{
	struct file *f = fd_file(fd);

	return f ? write(f->inode, to) : -EBADF;
}

SYSCALL(stat, stat_at(AT_FDCWD, arg[0], 0, write_stat, arg[1]))
SYSCALL(lstat,
	stat_at(AT_FDCWD, arg[0], AT_SYMLINK_NOFOLLOW, write_stat, arg[1]))
SYSCALL(fstat, stat_fd(arg[0], write_stat, arg[1]))
SYSCALL(stat64, stat_at(AT_FDCWD, arg[0], 0, write_stat64, arg[1]))
SYSCALL(lstat64,
	stat_at(AT_FDCWD, arg[0], AT_SYMLINK_NOFOLLOW, write_stat64, arg[1]))
SYSCALL(fstat64, stat_fd(arg[0], write_stat64, arg[1]))
SYSCALL(fstatat64, stat_at(arg[0], arg[1], arg[3], write_stat64, arg[2]))
SYSCALL(statx, stat_at(arg[0], arg[1], arg[2], write_statx, arg[4]))

/* --- statfs --- */

static void fill_statfs(const struct inode *i, struct linux_statfs64 *s)
{
	bool has_frames = i->dev != 0; /* unlike /proc and pipes */

	*s = (struct linux_statfs64){
		.type = has_frames ? RAMFS_MAGIC : PROC_MAGIC,
		.bsize = PAGE_SIZE,
		.blocks = has_frames ? frame_count_all() : 0,
		.bfree = has_frames ? frame_count_free() : 0,
		.bavail = has_frames ? frame_count_free() : 0,
		.namelen = NAME_MAX,
		.frsize = PAGE_SIZE,
	};
}

static long write_statfs(const struct inode *i, uint32_t to)
{
	struct linux_statfs64 w;
	struct linux_statfs s = { 0 };

	fill_statfs(i, &w);
	s.type = w.type;
	s.bsize = w.bsize;
	s.blocks = (uint32_t)w.blocks;
	s.bfree = (uint32_t)w.bfree;
	s.bavail = (uint32_t)w.bavail;
	s.namelen = w.namelen;
	s.frsize = w.frsize;
	return copy_to_user(to, &s, sizeof(s));
}

static long write_statfs64(const struct inode *i, uint32_t to)
{
	struct linux_statfs64 s;

	fill_statfs(i, &s);
	return copy_to_user(to, &s, sizeof(s));
}

/* C libraries disagree about padding at the end. */
static bool is_statfs64_size(uint32_t size)
{
	return size == sizeof(struct linux_statfs64) ||
	       size == sizeof(struct linux_statfs64) + 4;
}

SYSCALL(statfs, stat_at(AT_FDCWD, arg[0], 0, write_statfs, arg[1]))
SYSCALL(fstatfs, stat_fd(arg[0], write_statfs, arg[1]))

long sys_statfs64(const struct syscall_args *a)
{
	if (!is_statfs64_size(a->arg[1])) {
		return -EINVAL;
	}
	return stat_at(AT_FDCWD, a->arg[0], 0, write_statfs64, a->arg[2]);
}

long sys_fstatfs64(const struct syscall_args *a)
{
	if (!is_statfs64_size(a->arg[1])) {
		return -EINVAL;
	}
	return stat_fd(a->arg[0], write_statfs64, a->arg[2]);
}

/* --- access --- */

/* Everybody is root, who may do all but run what nobody may. */
static long access_at(uint32_t fd, uint32_t path, uint32_t wanted,
		      uint32_t at_flags)
{
	struct inode *i;
	long result;

	if (wanted & ~(R_OK | W_OK | X_OK)) {
		return -EINVAL;
	}
	result = fd_lookup(fd, path, at_flags, &i);
	if (result) {
		return result;
	}
	if ((wanted & X_OK) && !inode_is(i, S_IFDIR) && !(i->mode & 0111)) {
		result = -EACCES;
	}
	inode_put(i);
	return result;
}

SYSCALL(access, access_at(AT_FDCWD, arg[0], arg[1], 0))
SYSCALL(faccessat, access_at(arg[0], arg[1], arg[2], 0))
SYSCALL(faccessat2, access_at(arg[0], arg[1], arg[2], arg[3]))

/* --- getdents --- */

/* One name, as either form of the call wants it. */
struct name {
	char text[NAME_MAX + 1];
	uint32_t ino, mode;
	uint64_t next;
};

#define RECORD_MAX (sizeof(struct linux_dirent64) + NAME_MAX + 8)

/* Builds the record and returns its size. */
static uint32_t record_old(const struct name *n, uint8_t *to)
{
	uint32_t size = (uint32_t)strlen(n->text);
	struct linux_dirent d = { .ino = n->ino, .next = (uint32_t)n->next };

	d.size = (uint16_t)((sizeof(d) + size + 2 + 3) & ~3u);
	memset(to, 0, d.size);
	memcpy(to, &d, sizeof(d));
	memcpy(to + sizeof(d), n->text, size);
	to[d.size - 1] = (uint8_t)((n->mode & S_IFMT) >> 12);
	return d.size;
}

static uint32_t record_wide(const struct name *n, uint8_t *to)
{
	uint32_t size = (uint32_t)strlen(n->text);
	struct linux_dirent64 d = {
		.ino = n->ino,
		.next = n->next,
		.type = (uint8_t)((n->mode & S_IFMT) >> 12),
	};

	d.size = (uint16_t)((sizeof(d) + size + 1 + 7) & ~7u);
	memset(to, 0, d.size);
	memcpy(to, &d, sizeof(d));
	memcpy(to + sizeof(d), n->text, size);
	return d.size;
}

static long names(const struct syscall_args *a,
		  uint32_t (*build)(const struct name *n, uint8_t *to))
{
	static uint8_t record[RECORD_MAX];
	static struct name n;
	struct file *f = fd_file(a->arg[0]);
	uint32_t done = 0, size;
	int result;

	if (!f || !f->inode->ops->entry) {
		return f ? -ENOTDIR : -EBADF;
	}
	for (;;) {
		n.next = f->position;
		result = f->inode->ops->entry(f->inode, &n.next, n.text, &n.ino,
					      &n.mode);
		if (result <= 0) {
			break;
		}
		size = build(&n, record);
		if (size > a->arg[2] - done) {
			result = -EINVAL;
			break;
		}
		result = copy_to_user(a->arg[1] + done, record, size);
		if (result) {
			break;
		}
		f->position = n.next;
		done += size;
	}
	return done ? (long)done : result;
}

SYSCALL(getdents, names(a, record_old))
SYSCALL(getdents64, names(a, record_wide))
