// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls on open files: read(), write() and their relatives, where in a
 * file the next one goes on, its size; what is brought to the disk.
 */
#include "guest/gnomon/dev/disk.h"
#include "guest/gnomon/fs/fd.h"
#include "guest/gnomon/fs/file.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/linux/fcntl.h"
#include "guest/gnomon/mm/frame.h"
#include "guest/gnomon/mm/uaccess.h"

/* So that a result is never taken for an error. */
#define BYTES_MAX 0x7ffff000u

/* --- read, write and their relatives --- */

static uint64_t wide(uint32_t low, uint32_t high)
{
	return (uint64_t)high << 32 | low;
}

/* Either of a file's operations, with @n bytes at user address @at. */
static inline __attribute__((always_inline)) long
move(struct file *f, bool writes, struct user_ptr at, uint32_t n,
     uint64_t *position)
{
	return writes ? f->ops->write(f, buffer_of_user(at), n, position)
		      : f->ops->read(f, at, n, position);
}

static uint32_t bytes(uint32_t n)
{
	return n < BYTES_MAX ? n : BYTES_MAX;
}

static inline long move_here(struct file *f, bool writes, const uint32_t *arg)
{
	return move(f, writes, user_ptr(arg[1]), bytes(arg[2]), &f->position);
}

/* At a place that the call names. */
static inline long move_at(struct file *f, bool writes, const uint32_t *arg)
{
	uint64_t position = wide(arg[3], arg[4]);

	if (f->ops->is_stream) {
		return -ESPIPE;
	}
	return (int64_t)position < 0 ? -EINVAL
				     : move(f, writes, user_ptr(arg[1]),
					    bytes(arg[2]), &position);
}

/* One buffer after the other, until one is not filled or emptied. */
static inline long move_vector(struct file *f, bool writes, const uint32_t *arg)
{
	struct linux_iovec v = { 0 };
	uint32_t done = 0;
	long part = 0;

	if (arg[2] > IOV_MAX) {
		return -EINVAL;
	}
	for (uint32_t k = 0; k < arg[2] && (uint32_t)part == v.size; k++) {
		uint32_t at = arg[1] + k * (uint32_t)sizeof(v);

		part = copy_from_user(&v, user_ptr(at), sizeof(v));
		if (!part && v.size > BYTES_MAX - done) {
			part = -EINVAL;
		}
		if (!part && v.size) {
			part = move(f, writes, user_ptr(v.base), v.size,
				    &f->position);
		}
		if (part < 0) {
			break;
		}
		done += (uint32_t)part;
	}
	return done ? (long)done : part;
}

/*
 * What all of them begin and end with. The file is referenced while they may
 * sleep, for another thread may close it meanwhile. Inline, for what is called
 * so often should not call through pointers what is known.
 */
static inline __attribute__((always_inline)) long
with_file(const uint32_t *arg, bool writes,
	  long (*fn)(struct file *f, bool writes, const uint32_t *arg))
{
	struct file *f = fd_file(arg[0]);
	long result;

	if (!f || !(writes ? file_writes(f) : file_reads(f))) {
		return -EBADF;
	}
	if (writes ? !f->ops->write : !f->ops->read) {
		return inode_is(f->inode, S_IFDIR) ? -EISDIR : -EINVAL;
	}
	file_get(f);
	result = fn(f, writes, arg);
	file_put(f);
	return result;
}

SYSCALL(read, with_file(arg, false, move_here))
SYSCALL(write, with_file(arg, true, move_here))
SYSCALL(pread64, with_file(arg, false, move_at))
SYSCALL(pwrite64, with_file(arg, true, move_at))
SYSCALL(readv, with_file(arg, false, move_vector))
SYSCALL(writev, with_file(arg, true, move_vector))

/* --- sendfile --- */

/*
 * Move up to @n bytes of @in at *@position to @out, a page at a time: @out
 * is handed the kernel's view of the frame, which stays while it may sleep.
 */
static long send(struct file *out, struct inode *in, uint64_t *position,
		 uint32_t n)
{
	uint8_t *from;
	long part;

	n = frame_part(*position, file_rest(in, *position, n));
	if (!n) {
		return 0;
	}
	from = file_byte(in, *position, true);
	if (!from) {
		return -ENOMEM;
	}
	frame_get(page_down(frame_of(from)));
	part = out->ops->write(out, buffer_of_kernel(from), n, &out->position);
	frame_put(page_down(frame_of(from)));
	*position += part > 0 ? (uint32_t)part : 0;
	return part;
}

/* @arg[2]: where the position is, and moves on, of @arg[4] bytes; or 0. */
static long send_all(struct file *out, bool writes, const uint32_t *arg)
{
	struct file *in = fd_file(arg[1]);
	struct user_ptr at = user_ptr(arg[2]);
	uint32_t n = bytes(arg[3]), done = 0;
	uint64_t position = 0;
	long part = 1;

	(void)writes;
	if (!in || !file_reads(in)) {
		return -EBADF;
	}
	if (!in->inode->ops->page) {
		return -EINVAL;
	}
	if (at.at && copy_from_user(&position, at, arg[4])) {
		return -EFAULT;
	}
	file_get(in);
	while (part > 0 && done < n) {
		part = send(out, in->inode, at.at ? &position : &in->position,
			    n - done);
		done += part > 0 ? (uint32_t)part : 0;
	}
	if (at.at && copy_to_user(at, &position, arg[4])) {
		part = -EFAULT;
	}
	file_put(in);
	return done ? (long)done : part < 0 ? part : 0;
}

SYSCALL(sendfile,
	with_file(ARGS(arg[0], arg[1], arg[2], arg[3], 4), true, send_all))
SYSCALL(sendfile64,
	with_file(ARGS(arg[0], arg[1], arg[2], arg[3], 8), true, send_all))

/* --- position and size --- */

/* Where it is then, or -E*. */
static int64_t seek(uint32_t fd, uint64_t offset, uint32_t whence)
{
	struct file *f = fd_file(fd);

	if (!f || f->ops->is_stream) {
		return f ? -ESPIPE : -EBADF;
	}
	if (whence == SEEK_CUR) {
		offset += f->position;
	} else if (whence == SEEK_END) {
		offset += f->inode->size;
	}
	if (whence > SEEK_END || (int64_t)offset < 0) {
		return -EINVAL;
	}
	f->position = offset;
	return (int64_t)offset;
}

/* A size or offset of 32 bits has its sign in all of the upper word. */
static uint32_t sign(uint32_t low)
{
	return low >> 31 ? UINT32_MAX : 0;
}

long sys_lseek(const struct syscall_args *a)
{
	uint32_t offset = a->arg[1];
	int64_t to = seek(a->arg[0], wide(offset, sign(offset)), a->arg[2]);

	return to > INT32_MAX ? -EOVERFLOW : (long)to;
}

long sys__llseek(const struct syscall_args *a)
{
	int64_t to = seek(a->arg[0], wide(a->arg[2], a->arg[1]), a->arg[4]);

	return to < 0 ? (long)to
		      : copy_to_user(user_ptr(a->arg[3]), &to, sizeof(to));
}

static long cut(struct inode *i, const uint32_t *arg)
{
	uint64_t size = wide(arg[0], arg[1]);

	if (inode_is(i, S_IFDIR)) {
		return -EISDIR;
	}
	return (int64_t)size < 0 || !i->ops->truncate
		       ? -EINVAL
		       : i->ops->truncate(i, size);
}

/* Only through a descriptor that may write. */
static long cut_file(uint32_t fd, const uint32_t *arg)
{
	const struct file *f = fd_file(fd);

	return f && !file_writes(f) ? -EINVAL : do_on(fd, cut, arg);
}

SYSCALL(truncate,
	do_at(AT_FDCWD, user_ptr(arg[0]), 0, cut, ARGS(arg[1], sign(arg[1]))))
SYSCALL(truncate64, do_at(AT_FDCWD, user_ptr(arg[0]), 0, cut, arg + 1))
SYSCALL(ftruncate, cut_file(arg[0], ARGS(arg[1], sign(arg[1]))))
SYSCALL(ftruncate64, cut_file(arg[0], arg + 1))

/* --- what is not only in memory --- */

/* All but the disk is in memory. Sleeps, and does not need @i after that. */
static long flush(struct inode *i, const uint32_t *arg)
{
	(void)arg;
	return inode_is(i, S_IFBLK) ? block_flush() : 0;
}

SYSCALL(fsync, do_on(arg[0], flush, NULL))
SYSCALL(fdatasync, do_on(arg[0], flush, NULL))
SYSCALL(syncfs, do_on(arg[0], flush, NULL))
SYSCALL(sync, block_flush())
