// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls on open files. Those on descriptors are in sys_fd.c.
 *
 * A file is referenced while something may sleep, for another thread may
 * close it meanwhile.
 */
#include "guest/gnomon/file.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/fcntl.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/uaccess.h"

/* So that a result is never taken for an error. */
#define BYTES_MAX 0x7ffff000u

static uint64_t wide(uint32_t low, uint32_t high)
{
	return (uint64_t)high << 32 | low;
}

/* The file at @fd if it may be read, else NULL. */
static struct file *readable(uint32_t fd)
{
	struct file *f = fd_file(fd);

	return f && (f->flags & O_ACCMODE) != O_WRONLY ? f : NULL;
}

/* The same for writing. */
static struct file *writable(uint32_t fd)
{
	struct file *f = fd_file(fd);

	return f && (f->flags & O_ACCMODE) != O_RDONLY ? f : NULL;
}

/* Some files can only be written, some only looked at. */
static long file_read(struct file *f, uint32_t buf, uint32_t n,
		      uint64_t *position)
{
	if (!f->ops->read) {
		return -EINVAL;
	}
	return f->ops->read(f, buf, n < BYTES_MAX ? n : BYTES_MAX, position);
}

static long file_write(struct file *f, uint32_t buf, uint32_t n,
		       uint64_t *position)
{
	if (!f->ops->write) {
		return -EINVAL;
	}
	return f->ops->write(f, buf, n < BYTES_MAX ? n : BYTES_MAX, position);
}

/* How data moves: file_read() or file_write(). */
typedef long (*mover)(struct file *f, uint32_t buf, uint32_t n,
		      uint64_t *position);

static long move_on(struct file *f, const uint32_t *arg, mover move)
{
	long result;

	if (!f) {
		return -EBADF;
	}
	file_get(f);
	result = move(f, arg[1], arg[2], &f->position);
	file_put(f);
	return result;
}

SYSCALL(read, move_on(readable(arg[0]), arg, file_read))
SYSCALL(write, move_on(writable(arg[0]), arg, file_write))

/* At a place that the call names. */
static long move_at(struct file *f, const uint32_t *arg, mover move)
{
	uint64_t position = wide(arg[3], arg[4]);
	long result;

	if (!f || f->ops->is_stream || (int64_t)position < 0) {
		return !f ? -EBADF : f->ops->is_stream ? -ESPIPE : -EINVAL;
	}
	file_get(f);
	result = move(f, arg[1], arg[2], &position);
	file_put(f);
	return result;
}

SYSCALL(pread64, move_at(readable(arg[0]), arg, file_read))
SYSCALL(pwrite64, move_at(writable(arg[0]), arg, file_write))

/* One buffer after the other, until one is not filled or emptied. */
static long vector(struct file *f, uint32_t at, uint32_t count, mover move)
{
	struct linux_iovec v;
	uint32_t done = 0;
	long part = 0;

	if (!f) {
		return -EBADF;
	}
	if (count > IOV_MAX) {
		return -EINVAL;
	}
	file_get(f);
	for (uint32_t k = 0; k < count; k++) {
		part = copy_from_user(&v, at + k * sizeof(v), sizeof(v));
		if (!part && v.size > BYTES_MAX - done) {
			part = -EINVAL;
		}
		if (!part && v.size) {
			part = move(f, v.base, v.size, &f->position);
		}
		if (part < 0) {
			break;
		}
		done += (uint32_t)part;
		if ((uint32_t)part < v.size) {
			break;
		}
	}
	file_put(f);
	return done ? (long)done : part;
}

SYSCALL(readv, vector(readable(arg[0]), arg[1], arg[2], file_read))
SYSCALL(writev, vector(writable(arg[0]), arg[1], arg[2], file_write))

/* --- position and size --- */

static int seek(struct file *f, int64_t offset, uint32_t whence)
{
	uint64_t size = f->inode->size;
	uint64_t from = 0;

	if (f->ops->is_stream) {
		return -ESPIPE;
	}
	switch (whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		from = f->position;
		break;
	case SEEK_END:
		from = size;
		break;
	case SEEK_DATA: /* all of a file counts as data */
	case SEEK_HOLE:
		if (offset < 0 || (uint64_t)offset >= size) {
			return -ENXIO;
		}
		f->position = whence == SEEK_DATA ? (uint64_t)offset : size;
		return 0;
	default:
		return -EINVAL;
	}
	if ((int64_t)(from + (uint64_t)offset) < 0) {
		return -EINVAL;
	}
	f->position = from + (uint64_t)offset;
	return 0;
}

long sys_lseek(const struct syscall_args *a)
{
	struct file *f = fd_file(a->arg[0]);
	int error = f ? seek(f, (int32_t)a->arg[1], a->arg[2]) : -EBADF;

	if (error) {
		return error;
	}
	return f->position > INT32_MAX ? -EOVERFLOW : (long)f->position;
}

long sys__llseek(const struct syscall_args *a)
{
	struct file *f = fd_file(a->arg[0]);
	int64_t offset = (int64_t)wide(a->arg[2], a->arg[1]);
	int error = f ? seek(f, offset, a->arg[4]) : -EBADF;

	if (error) {
		return error;
	}
	return copy_to_user(a->arg[3], &f->position, sizeof(f->position));
}

static long inode_truncate(struct inode *i, int64_t size)
{
	if (size < 0) {
		return -EINVAL;
	}
	if (inode_is(i, S_IFDIR)) {
		return -EISDIR;
	}
	return i->ops->truncate ? i->ops->truncate(i, (uint64_t)size) : -EINVAL;
}

static long path_truncate(uint32_t at, int64_t size)
{
	const char *path;
	struct inode *i;
	long error = path_fetch(at, &path);

	if (!error) {
		error = path_lookup(NULL, path, 0, &i);
	}
	if (error) {
		return error;
	}
	error = inode_truncate(i, size);
	inode_put(i);
	return error;
}

/* Only through a descriptor that may write. */
static long file_truncate(uint32_t fd, int64_t size)
{
	struct file *f = writable(fd);

	return f	     ? inode_truncate(f->inode, size)
	       : fd_file(fd) ? -EINVAL
			     : -EBADF;
}

SYSCALL(truncate, path_truncate(arg[0], (int32_t)arg[1]))
SYSCALL(truncate64, path_truncate(arg[0], (int64_t)wide(arg[1], arg[2])))
SYSCALL(ftruncate, file_truncate(arg[0], (int32_t)arg[1]))
SYSCALL(ftruncate64, file_truncate(arg[0], (int64_t)wide(arg[1], arg[2])))

/* --- sendfile --- */

/*
 * Move up to @n bytes of @in at *@position to @out, a page at a time: @out
 * is handed the kernel's view of the frame, which stays while it may sleep.
 */
static long send(struct file *out, struct inode *in, uint64_t *position,
		 uint32_t n)
{
	struct file view = *out;
	uint32_t offset = (uint32_t)*position & PAGE_MASK, pa;
	long part;

	if (*position >= in->size) {
		return 0;
	}
	n = n < PAGE_SIZE - offset ? n : PAGE_SIZE - offset;
	n = n < in->size - *position ? n : (uint32_t)(in->size - *position);
	pa = in->ops->page(in, (uint32_t)(*position >> PAGE_SHIFT), true);
	if (!pa) {
		return -ENOMEM;
	}
	view.flags |= FILE_KERNEL_DATA;
	frame_get(pa);
	part = out->ops->write(&view,
			       (uint32_t)(uintptr_t)frame_at(pa) + offset, n,
			       &out->position);
	frame_put(pa);
	if (part > 0) {
		*position += (uint32_t)part;
	}
	return part;
}

/* @at: where the position is, and moves on, of @size bytes; or 0. */
static long do_sendfile(const struct syscall_args *a, uint32_t size)
{
	struct file *out = writable(a->arg[0]), *in = readable(a->arg[1]);
	uint32_t at = a->arg[2], done = 0;
	uint64_t position = 0;
	long part = 0;

	if (!out || !in) {
		return -EBADF;
	}
	if (!out->ops->write || !in->inode->ops->page) {
		return -EINVAL;
	}
	if (at && copy_from_user(&position, at, size)) {
		return -EFAULT;
	}
	file_get(out);
	file_get(in);
	position = at ? position : in->position;
	while (done < a->arg[3] && done < BYTES_MAX) {
		part = send(out, in->inode, &position, a->arg[3] - done);
		if (part <= 0) {
			break;
		}
		done += (uint32_t)part;
	}
	if (!at) {
		in->position = position;
	} else if (copy_to_user(at, &position, size)) {
		part = -EFAULT;
	}
	file_put(out);
	file_put(in);
	return done ? (long)done : part;
}

SYSCALL(sendfile, do_sendfile(a, sizeof(uint32_t)))
SYSCALL(sendfile64, do_sendfile(a, sizeof(uint64_t)))
