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
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/file.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"

static uint32_t count;

struct file *file_new(struct inode *i, uint32_t flags)
{
	struct file *f = malloc(sizeof(*f));

	if (f) {
		*f = (struct file){ .refs = 1, .flags = flags, .inode = i };
		inode_get(i);
		count++;
	}
	return f;
}

void file_get(struct file *f)
{
	f->refs++;
}

/* Closing: the device hears of it while the inode is still there. */
void file_put(struct file *f)
{
	if (--f->refs) {
		return;
	}
	if (f->ops && f->ops->release) {
		f->ops->release(f);
	}
	inode_put(f->inode);
	free(f);
	count--;
}

uint32_t file_count(void)
{
	return count;
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
 * What was moved before an error counts. The size grows with each page that
 * is written, so that nothing behind the end is ever someone's data.
 */
static long move_pages(struct file *f, uint32_t buf, uint32_t n,
		       uint64_t *position, bool writes)
{
	struct inode *i = f->inode;
	uint32_t done, part, pa;
	uint8_t *place;
	int error;

	for (done = 0; done < n; done += part) {
		part = frame_part(*position, n - done);
		pa = i->ops->page(i, (uint32_t)(*position >> PAGE_SHIFT),
				  writes);
		place = (uint8_t *)frame_at(pa) + (*position & PAGE_MASK);
		if (writes) {
			error = pa ? file_copy_in(f, place, buf + done, part)
				   : -ENOSPC;
		} else {
			error = pa ? copy_to_user(buf + done, place, part)
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

long file_read_kernel(struct inode *i, uint64_t position, void *to, uint32_t n)
{
	uint32_t done, part, pa;

	if (!i->ops->page) {
		return -EINVAL;
	}
	n = file_rest(i, position, n);
	for (done = 0; done < n; done += part) {
		part = frame_part(position + done, n - done);
		pa = i->ops->page(
			i, (uint32_t)((position + done) >> PAGE_SHIFT), true);
		if (!pa) {
			return -ENOMEM;
		}
		memcpy((uint8_t *)to + done,
		       (uint8_t *)frame_at(pa) +
			       ((position + done) & PAGE_MASK),
		       part);
	}
	return (long)n;
}

/* --- open --- */

/* Make the file that open() names but that is not there. */
static int create(struct inode *base, const char *path, uint32_t follow,
		  uint32_t mode, struct inode **out)
{
	struct path_last last;
	int error = path_parent(base, path, follow, &last);

	if (error) {
		return error;
	}
	if (last.wants_dir) {
		error = -EISDIR;
	} else if (!last.dir->ops->create) {
		error = -EACCES;
	} else {
		mode = S_IFREG | (mode & 07777 & ~current->fs->umask);
		error = last.dir->ops->create(last.dir, last.name, mode, 0,
					      out);
	}
	inode_put(last.dir);
	return error;
}

static int find(struct inode *base, const char *path, uint32_t flags,
		uint32_t mode, struct inode **out)
{
	bool is_new = (flags & O_CREAT) && (flags & O_EXCL);
	uint32_t follow = is_new || (flags & O_NOFOLLOW) ? PATH_NOFOLLOW : 0;
	int error = path_lookup(base, path, follow, out);

	if (error == -ENOENT && (flags & O_CREAT)) {
		return create(base, path, follow, mode, out);
	}
	if (!error && is_new) {
		inode_put(*out);
		error = -EEXIST;
	}
	return error;
}

/* In this order: rights, then contents are cut, then the device is asked. */
static int open_inode(struct inode *i, uint32_t flags, struct file **out)
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
		error = i->ops->truncate(i, 0);
		if (error) {
			return error;
		}
	}
	f = file_new(i, flags);
	if (!f) {
		return -ENOMEM;
	}
	f->ops = i->ops->file_ops;
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

int file_open(struct inode *base, const char *path, uint32_t flags,
	      uint32_t mode, struct file **out)
{
	struct inode *i;
	int error = find(base, path, flags, mode, &i);

	if (!error) {
		error = open_inode(i, flags, out);
		inode_put(i);
	}
	return error;
}
