// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Open files, what reading and writing means for those with contents, and the
 * system calls that do it.
 *
 * Data moves between the inode's frames and the program in one step, page by
 * page. Copying may fault pages in but never sleeps, so a frame that was
 * looked up stays the inode's while it is used.
 *
 * Read fd.c next.
 */
#include "guest/gnomon/fs/file.h"

#include "guest/gnomon/kernel.h"
#include "guest/gnomon/linux/fcntl.h"
#include "guest/gnomon/sys/syscall.h"

/* So that a result is never taken for an error. */
#define BYTES_MAX 0x7ffff000u

uint32_t file_count;

struct file *file_get(struct file *f)
{
	if (f) {
		f->refs++;
	}
	return f;
}

/* Closing: the device hears of it while the inode is still there. */
void file_put(struct file *f)
{
	if (!f || --f->refs) {
		return;
	}
	if (f->ops && f->ops->release) {
		f->ops->release(f);
	}
	inode_put(f->inode);
	free(f);
	file_count--;
}

/*
 * In this order: rights, then contents are cut to nothing, which cannot fail,
 * then the device is asked.
 */
int file_open(struct inode *i, uint32_t flags, struct file **out)
{
	bool is_dir = inode_is(i, S_IFDIR);
	struct file *f;
	int error;

	if (inode_is(i, S_IFLNK)) {
		return -ELOOP; /* O_NOFOLLOW */
	}
	if (is_dir && (flags & (O_ACCMODE | O_CREAT))) {
		return -EISDIR;
	}
	if (!is_dir && (flags & O_DIRECTORY)) {
		return -ENOTDIR;
	}
	if ((flags & O_TRUNC) && i->ops->truncate) {
		i->ops->truncate(i, 0);
	}
	f = malloc(sizeof(*f));
	if (!f) {
		return -ENOMEM;
	}
	*f = (struct file){
		.ops = i->ops->file_ops,
		.refs = 1,
		.flags = flags,
		.inode = inode_get(i),
	};
	file_count++;
	/* A FIFO waits for its other end in here. */
	error = i->ops->open ? i->ops->open(i, f) : 0;
	if (error) {
		f->ops = NULL;
		file_put(f);
		return error;
	}
	f->flags &= ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC);
	*out = f;
	return 0;
}

int file_wait(const struct file *f, struct wait_queue *q, uint64_t deadline)
{
	return f->flags & O_NONBLOCK ? -EAGAIN : wait_on(q, deadline);
}

int file_copy_in(const struct file *f, void *to, uint32_t from, uint32_t n)
{
	if (!(f->flags & FILE_KERNEL_DATA)) {
		return copy_from_user(to, from, n);
	}
	memcpy(to, (const void *)(uintptr_t)from, n);
	return 0;
}

/* --- regular files --- */

uint32_t file_rest(const struct inode *i, uint64_t position, uint32_t n)
{
	uint64_t rest = position < i->size ? i->size - position : 0;

	return n < rest ? n : (uint32_t)rest;
}

/*
 * The byte there, which the rest of its page follows. NULL: a hole or, if it
 * was to be made, no memory.
 */
static uint8_t *file_byte(struct inode *i, uint64_t position, bool make)
{
	uint32_t pa = i->ops->page(i, (uint32_t)(position >> PAGE_SHIFT), make);

	return pa ? (uint8_t *)frame_at(pa) + (position & PAGE_MASK) : NULL;
}

/*
 * What was moved before an error counts. The size grows with each page that
 * is written, so that nothing behind the end is ever someone's data.
 */
static long move_pages(struct file *f, uint32_t buf, uint32_t n,
		       uint64_t *position, bool writes)
{
	struct inode *i = f->inode;
	uint32_t done, part;
	uint8_t *at;
	int error;

	for (done = 0; done < n; done += part) {
		part = frame_part(*position, n - done);
		at = file_byte(i, *position, writes);
		if (writes) {
			error = at ? file_copy_in(f, at, buf + done, part)
				   : -ENOSPC;
		} else {
			error = at ? copy_to_user(buf + done, at, part)
				   : clear_user(buf + done, part);
		}
		if (error) {
			return done ? (long)done : error;
		}
		*position += part;
		i->size = *position > i->size ? *position : i->size;
	}
	return (long)done;
}

static long regular_read(struct file *f, uint32_t buf, uint32_t n,
			 uint64_t *position)
{
	n = file_rest(f->inode, *position, n);
	return move_pages(f, buf, n, position, false);
}

static long regular_write(struct file *f, uint32_t buf, uint32_t n,
			  uint64_t *position)
{
	long done;

	if (f->flags & O_APPEND) {
		*position = f->inode->size;
	}
	if (*position + n > (uint64_t)UINT32_MAX << PAGE_SHIFT) {
		return -EFBIG;
	}
	done = move_pages(f, buf, n, position, true);
	if (done > 0) {
		inode_touch(f->inode);
	}
	return done;
}

const struct file_ops regular_file_ops = {
	.read = regular_read,
	.write = regular_write,
};

/* Their names are read by getdents(), of the inode. */
const struct file_ops directory_file_ops = { 0 };

/* --- read, write and their relatives --- */

static uint64_t wide(uint32_t low, uint32_t high)
{
	return (uint64_t)high << 32 | low;
}

/* Either of a file's operations. */
typedef long (*move_fn)(struct file *f, uint32_t buf, uint32_t n,
			uint64_t *position);

static uint32_t bytes(uint32_t n)
{
	return n < BYTES_MAX ? n : BYTES_MAX;
}

static long move_here(struct file *f, move_fn move, const uint32_t *arg)
{
	return move(f, arg[1], bytes(arg[2]), &f->position);
}

/* At a place that the call names. */
static long move_at(struct file *f, move_fn move, const uint32_t *arg)
{
	uint64_t position = wide(arg[3], arg[4]);

	if (f->ops->is_stream) {
		return -ESPIPE;
	}
	return (int64_t)position < 0
		       ? -EINVAL
		       : move(f, arg[1], bytes(arg[2]), &position);
}

/* One buffer after the other, until one is not filled or emptied. */
static long move_vector(struct file *f, move_fn move, const uint32_t *arg)
{
	struct linux_iovec v = { 0 };
	uint32_t done = 0;
	long part = 0;

	if (arg[2] > IOV_MAX) {
		return -EINVAL;
	}
	for (uint32_t k = 0; k < arg[2] && (uint32_t)part == v.size; k++) {
		part = copy_from_user(&v, arg[1] + k * sizeof(v), sizeof(v));
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
	  long (*fn)(struct file *f, move_fn move, const uint32_t *arg))
{
	struct file *f = fd_file(arg[0]);
	move_fn move;
	long result;

	if (!f || !(writes ? file_writes(f) : file_reads(f))) {
		return -EBADF;
	}
	move = writes ? f->ops->write : f->ops->read;
	if (!move) {
		return inode_is(f->inode, S_IFDIR) ? -EISDIR : -EINVAL;
	}
	file_get(f);
	result = fn(f, move, arg);
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
static long send(struct file *out, move_fn write, struct inode *in,
		 uint64_t *position, uint32_t n)
{
	struct file view = *out;
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
	view.flags |= FILE_KERNEL_DATA;
	frame_get(page_down(frame_of(from)));
	part = write(&view, (uint32_t)(uintptr_t)from, n, &out->position);
	frame_put(page_down(frame_of(from)));
	*position += part > 0 ? (uint32_t)part : 0;
	return part;
}

/* @arg[2]: where the position is, and moves on, of @arg[4] bytes; or 0. */
static long send_all(struct file *out, move_fn write, const uint32_t *arg)
{
	struct file *in = fd_file(arg[1]);
	uint32_t at = arg[2], n = bytes(arg[3]), done = 0;
	uint64_t position = 0;
	long part = 1;

	if (!in || !file_reads(in)) {
		return -EBADF;
	}
	if (!in->inode->ops->page) {
		return -EINVAL;
	}
	if (at && copy_from_user(&position, at, arg[4])) {
		return -EFAULT;
	}
	file_get(in);
	while (part > 0 && done < n) {
		part = send(out, write, in->inode,
			    at ? &position : &in->position, n - done);
		done += part > 0 ? (uint32_t)part : 0;
	}
	if (at && copy_to_user(at, &position, arg[4])) {
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

	return to < 0 ? (long)to : copy_to_user(a->arg[3], &to, sizeof(to));
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

SYSCALL(truncate, do_at(AT_FDCWD, arg[0], 0, cut, ARGS(arg[1], sign(arg[1]))))
SYSCALL(truncate64, do_at(AT_FDCWD, arg[0], 0, cut, arg + 1))
SYSCALL(ftruncate, cut_file(arg[0], ARGS(arg[1], sign(arg[1]))))
SYSCALL(ftruncate64, cut_file(arg[0], arg + 1))
