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

/* @n bytes of @pa, or zeros for a hole, to the program or the kernel. */
static int copy_out(uintptr_t to, uint32_t pa, uint32_t offset, uint32_t n,
		    bool to_kernel)
{
	const uint8_t *from = pa ? (uint8_t *)frame_at(pa) + offset : NULL;
	void *kernel = (void *)to;

	if (!to_kernel) {
		return from ? copy_to_user((uint32_t)to, from, n)
			    : clear_user((uint32_t)to, n);
	}
	if (from) {
		memcpy(kernel, from, n);
	} else {
		memset(kernel, 0, n);
	}
	return 0;
}

static long read_pages(struct inode *i, uint64_t *position, uintptr_t to,
		       uint32_t n, bool to_kernel)
{
	uint64_t at = *position;
	uint32_t done = 0, part, pa;
	int error = 0;

	if (at >= i->size) {
		return 0;
	}
	if (n > i->size - at) {
		n = (uint32_t)(i->size - at);
	}
	while (done < n) {
		part = frame_part(at, n - done);
		pa = i->ops->page(i, (uint32_t)(at >> PAGE_SHIFT), false);
		error = copy_out(to + done, pa, (uint32_t)at & PAGE_MASK, part,
				 to_kernel);
		if (error) {
			break;
		}
		done += part;
		at += part;
	}
	*position = at;
	return done ? (long)done : error;
}

static long regular_read(struct file *f, uint32_t buf, uint32_t n,
			 uint64_t *position)
{
	return read_pages(f->inode, position, buf, n, false);
}

/*
 * What was written before an error counts. The size grows with each page, so
 * that nothing behind the end is ever someone's data.
 */
static long regular_write(struct file *f, uint32_t buf, uint32_t n,
			  uint64_t *position)
{
	struct inode *i = f->inode;
	uint64_t at = f->flags & O_APPEND ? i->size : *position;
	uint32_t done = 0, part, pa;
	int error = 0;

	if (at + n > (uint64_t)UINT32_MAX << PAGE_SHIFT) {
		return -EFBIG;
	}
	while (done < n && !error) {
		part = frame_part(at, n - done);
		pa = i->ops->page(i, (uint32_t)(at >> PAGE_SHIFT), true);
		if (!pa) {
			error = -ENOSPC;
			break;
		}
		error = file_copy_in(f,
				     (uint8_t *)frame_at(pa) + (at & PAGE_MASK),
				     buf + done, part);
		if (error) {
			break;
		}
		done += part;
		at += part;
		if (at > i->size) {
			i->size = at;
		}
	}
	if (done) {
		inode_touch(i);
	}
	*position = at;
	return done ? (long)done : error;
}

const struct file_ops regular_file_ops = {
	.read = regular_read,
	.write = regular_write,
};

/* Names are read by getdents(); this is here to say so. */
static long directory_read(struct file *f, uint32_t buf, uint32_t n,
			   uint64_t *position)
{
	(void)f;
	(void)buf;
	(void)n;
	(void)position;
	return -EISDIR;
}

const struct file_ops directory_file_ops = {
	.read = directory_read,
};

long file_read_kernel(struct inode *i, uint64_t position, void *to, uint32_t n)
{
	if (!i->ops->page) {
		return -EINVAL;
	}
	return read_pages(i, &position, (uintptr_t)to, n, true);
}

/* --- open --- */

/* Find or make what open() names. */
static int find_or_create(struct inode *base, const char *path, uint32_t flags,
			  uint32_t mode, struct inode **out)
{
	uint32_t follow = flags & (O_NOFOLLOW | O_EXCL) ? PATH_NOFOLLOW : 0;
	struct path_last last;
	int error;

	error = path_lookup(base, path, follow, out);
	if (!error && (flags & O_EXCL)) {
		inode_put(*out);
		return -EEXIST;
	}
	if (error != -ENOENT) {
		return error;
	}
	error = path_parent(base, path, follow, &last);
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

/* May @i be opened that way? A new file may. */
static int may_open(const struct inode *i, uint32_t flags)
{
	if (inode_is(i, S_IFLNK)) {
		return -ELOOP; /* O_NOFOLLOW */
	}
	if (!inode_is(i, S_IFDIR)) {
		return flags & O_DIRECTORY ? -ENOTDIR : 0;
	}
	return (flags & (O_ACCMODE | O_CREAT)) ? -EISDIR : 0;
}

/* In this order: rights, then contents are cut, then the device is asked. */
static int open_inode(struct inode *i, uint32_t flags, struct file **out)
{
	struct file *f;
	int error = may_open(i, flags);

	if (error) {
		return error;
	}
	if ((flags & O_TRUNC) && inode_is(i, S_IFREG)) {
		error = i->ops->truncate ? i->ops->truncate(i, 0) : 0;
	}
	if (!error && !i->ops->open && !i->ops->file_ops) {
		error = -ENXIO;
	}
	if (error) {
		return error;
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
	int error;

	if (flags & O_CREAT) {
		error = find_or_create(base, path, flags, mode, &i);
	} else {
		error = path_lookup(base, path,
				    flags & O_NOFOLLOW ? PATH_NOFOLLOW : 0, &i);
	}
	if (!error) {
		error = open_inode(i, flags, out);
		inode_put(i);
	}
	return error;
}
