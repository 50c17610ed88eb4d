// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls that make, change and close descriptors.
 */
#include "guest/gnomon/block.h"
#include "guest/gnomon/file.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/fcntl.h"
#include "guest/gnomon/linux/ioctl.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/uaccess.h"

#define PIPE_CAPACITY 65536

/* What a program may ask of an open file. */
#define FLAGS_OPEN                                                      \
	(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | \
	 O_NONBLOCK | O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define FLAGS_CHANGE (O_APPEND | O_NONBLOCK)

/* Descriptor for @f, whose reference goes over in any case. */
static long give(struct file *f, uint32_t from, bool close_on_exec)
{
	int fd = fd_install(f, from, close_on_exec);

	if (fd < 0) {
		file_put(f);
	}
	return fd;
}

static long open_at(uint32_t dir, uint32_t at, uint32_t flags, uint32_t mode)
{
	const char *path;
	struct inode *base;
	struct file *f;
	int error = path_fetch(at, &path);

	if (!error) {
		error = fd_base(dir, path, &base);
	}
	if (!error) {
		error = file_open(base, path, flags & FLAGS_OPEN, mode, &f);
	}
	return error ? error : give(f, 0, flags & O_CLOEXEC);
}

SYSCALL(open, open_at(AT_FDCWD, arg[0], arg[1], arg[2]))
SYSCALL(openat, open_at(arg[0], arg[1], arg[2], arg[3]))
SYSCALL(creat, open_at(AT_FDCWD, arg[0], O_CREAT | O_WRONLY | O_TRUNC, arg[1]))
SYSCALL(close, fd_close(arg[0]))

static long dup_from(uint32_t fd, uint32_t from, bool close_on_exec)
{
	struct file *f = fd_file(fd);

	if (!f) {
		return -EBADF;
	}
	file_get(f);
	return give(f, from, close_on_exec);
}

static long dup_to(uint32_t fd, uint32_t to, bool close_on_exec)
{
	struct file *f = fd_file(fd);
	int result;

	if (!f) {
		return -EBADF;
	}
	file_get(f);
	result = fd_replace(to, f, close_on_exec);
	if (result < 0) {
		file_put(f);
	}
	return result;
}

SYSCALL(dup, dup_from(arg[0], 0, false))

long sys_dup2(const struct syscall_args *a)
{
	if (a->arg[0] == a->arg[1]) {
		return fd_file(a->arg[0]) ? (long)a->arg[0] : -EBADF;
	}
	return dup_to(a->arg[0], a->arg[1], false);
}

long sys_dup3(const struct syscall_args *a)
{
	if (a->arg[0] == a->arg[1] || (a->arg[2] & ~O_CLOEXEC)) {
		return -EINVAL;
	}
	return dup_to(a->arg[0], a->arg[1], a->arg[2] & O_CLOEXEC);
}

/* Both ends or none, even if their numbers cannot be told. */
static long new_pipe(uint32_t at, uint32_t flags)
{
	bool closes = flags & O_CLOEXEC;
	struct file *reader, *writer;
	long fds[2];
	int32_t out[2];
	int error;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK)) {
		return -EINVAL;
	}
	error = pipe_new(flags & O_NONBLOCK, &reader, &writer);
	if (error) {
		return error;
	}
	fds[0] = give(reader, 0, closes);
	fds[1] = give(writer, 0, closes);
	error = (int)(fds[0] < 0 ? fds[0] : fds[1] < 0 ? fds[1] : 0);
	out[0] = (int32_t)fds[0];
	out[1] = (int32_t)fds[1];
	if (!error) {
		error = copy_to_user(at, out, sizeof(out));
	}
	for (uint32_t k = 0; error && k < 2; k++) {
		if (fds[k] >= 0) {
			fd_close((uint32_t)fds[k]);
		}
	}
	return error;
}

SYSCALL(pipe, new_pipe(arg[0], 0))
SYSCALL(pipe2, new_pipe(arg[0], arg[1]))

/* Locks are granted: LIMIT: they keep nobody out. */
static long get_lock(uint32_t at)
{
	uint16_t type = F_UNLCK;

	return copy_to_user(at, &type, sizeof(type));
}

/* The rest was decided by open(). */
static void change_flags(struct file *f, uint32_t flags)
{
	f->flags = (f->flags & ~FLAGS_CHANGE) | (flags & FLAGS_CHANGE);
}

long sys_fcntl64(const struct syscall_args *a)
{
	uint32_t fd = a->arg[0], arg = a->arg[2];
	struct file *f = fd_file(fd);

	if (!f) {
		return -EBADF;
	}
	switch (a->arg[1]) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		return dup_from(fd, arg, a->arg[1] == F_DUPFD_CLOEXEC);
	case F_GETFD:
		return fd_close_on_exec(fd) ? FD_CLOEXEC : 0;
	case F_SETFD:
		fd_set_close_on_exec(fd, arg & FD_CLOEXEC);
		return 0;
	case F_GETFL:
		return (long)f->flags;
	case F_SETFL:
		change_flags(f, arg);
		return 0;
	case F_GETLK:
	case F_GETLK64:
		return get_lock(arg);
	case F_SETLK:
	case F_SETLKW:
	case F_SETLK64:
	case F_SETLKW64:
	case F_SETOWN:
	case F_GETOWN:
		return 0;
	case F_SETPIPE_SZ:
	case F_GETPIPE_SZ:
		return inode_is(f->inode, S_IFIFO) ? PIPE_CAPACITY : -EBADF;
	default:
		return -EINVAL;
	}
}

SYSCALL(fcntl, sys_fcntl64(a))

static long set_nonblocking(struct file *f, uint32_t at)
{
	uint32_t on;
	int error = read_user_u32(&on, at);

	if (!error) {
		change_flags(f,
			     (f->flags & ~O_NONBLOCK) | (on ? O_NONBLOCK : 0));
	}
	return error;
}

long sys_ioctl(const struct syscall_args *a)
{
	struct file *f = fd_file(a->arg[0]);
	long result;

	if (!f) {
		return -EBADF;
	}
	switch (a->arg[1]) {
	case FIOCLEX:
	case FIONCLEX:
		fd_set_close_on_exec(a->arg[0], a->arg[1] == FIOCLEX);
		return 0;
	case FIONBIO:
		return set_nonblocking(f, a->arg[2]);
	case FIONREAD:
		if (inode_is(f->inode, S_IFREG)) {
			return write_user_u32(
				a->arg[2],
				(uint32_t)(f->inode->size - f->position));
		}
		break;
	default:
		break;
	}
	if (!f->ops->ioctl) {
		return -ENOTTY;
	}
	file_get(f);
	result = f->ops->ioctl(f, a->arg[1], a->arg[2]);
	file_put(f);
	return result;
}

/* --- what is always done --- */

long sys_fsync(const struct syscall_args *a)
{
	const struct file *f = fd_file(a->arg[0]);

	if (!f) {
		return -EBADF;
	}
	return inode_is(f->inode, S_IFBLK) ? block_flush() : 0;
}

SYSCALL(fdatasync, sys_fsync(a))
SYSCALL(syncfs, sys_fsync(a))

long sys_sync(const struct syscall_args *a)
{
	(void)a;
	if (block_sectors()) {
		block_flush();
	}
	return 0;
}

/* Advice, and locks of whole files: thank you. */
static long agree(uint32_t fd)
{
	return fd_file(fd) ? 0 : -EBADF;
}

SYSCALL(flock, agree(arg[0]))
SYSCALL(fadvise64, agree(arg[0]))
SYSCALL(fadvise64_64, agree(arg[0]))
SYSCALL(readahead, agree(arg[0]))
