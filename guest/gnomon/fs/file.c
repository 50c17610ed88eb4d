// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Open files, and what reading and writing means for those with contents.
 *
 * Data moves between the inode's frames and the program in one step, page by
 * page. Copying may fault pages in but never sleeps, so a frame that was
 * looked up stays the inode's while it is used.
 *
 * Read fd.c next.
 */
#include "guest/gnomon/fs/file.h"

#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/mm/frame.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/task.h"
#include "guest/gnomon/task/wait.h"

uint32_t file_count;

/* Closing: the device hears of it while the inode is still there. */
void file_close(struct file *f)
{
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

/* --- regular files --- */

uint32_t file_rest(const struct inode *i, uint64_t position, uint32_t n)
{
	uint64_t rest = position < i->size ? i->size - position : 0;

	return n < rest ? n : (uint32_t)rest;
}

uint8_t *file_byte(struct inode *i, uint64_t position, bool make)
{
	uint32_t pa = i->ops->page(i, (uint32_t)(position >> PAGE_SHIFT), make);

	return pa ? (uint8_t *)frame_at(pa) + (position & PAGE_MASK) : NULL;
}

/* What was moved before an error counts. */
static long regular_read(struct file *f, struct user_ptr to, uint32_t n,
			 uint64_t *position)
{
	uint32_t done, part;
	const uint8_t *at;
	int error;

	n = file_rest(f->inode, *position, n);
	for (done = 0; done < n; done += part) {
		part = frame_part(*position, n - done);
		at = file_byte(f->inode, *position, false);
		error = at ? copy_to_user(user_rest(to, done), at, part)
			   : clear_user(user_rest(to, done), part);
		if (error) {
			return done ? (long)done : error;
		}
		*position += part;
	}
	return (long)done;
}

/*
 * The size grows with each page that is written, so that nothing behind the
 * end is ever someone's data.
 */
static long write_pages(struct inode *i, struct buffer from, uint32_t n,
			uint64_t *position)
{
	uint32_t done, part;
	uint8_t *at;
	int error;

	for (done = 0; done < n; done += part) {
		part = frame_part(*position, n - done);
		at = file_byte(i, *position, true);
		error = at ? copy_from_buffer(at, buffer_rest(from, done), part)
			   : -ENOSPC;
		if (error) {
			return done ? (long)done : error;
		}
		*position += part;
		i->size = *position > i->size ? *position : i->size;
	}
	return (long)done;
}

static long regular_write(struct file *f, struct buffer from, uint32_t n,
			  uint64_t *position)
{
	long done;

	if (f->flags & O_APPEND) {
		*position = f->inode->size;
	}
	if (*position + n > (uint64_t)UINT32_MAX << PAGE_SHIFT) {
		return -EFBIG;
	}
	done = write_pages(f->inode, from, n, position);
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
