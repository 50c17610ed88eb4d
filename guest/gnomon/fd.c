// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Descriptor tables.
 *
 * I1: files[] and closes[] have size entries; an entry that is not NULL owns
 * a reference. I2: no entry below lowest is free.
 *
 * A table grows as far as the process's limit allows. Read pipe.c next.
 */
#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/file.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/fcntl.h"
#include "guest/gnomon/task.h"

#define SIZE_MIN      16
#define SIZE_MAX_EVER 65536
#define RLIMIT_NOFILE 7

struct fd_table {
	uint32_t refs;
	uint32_t size;
	uint32_t lowest;
	struct file **files;
	bool *closes; /* on exec */
};

/* Make room for descriptor @fd. */
static int reserve(struct fd_table *t, uint32_t fd)
{
	uint32_t size = t->size ? t->size : SIZE_MIN;
	struct file **files;
	bool *closes;

	if (fd < t->size) {
		return 0;
	}
	while (size <= fd) {
		size *= 2;
	}
	files = realloc(t->files, size * sizeof(*files));
	if (!files) {
		return -ENOMEM;
	}
	t->files = files;
	closes = realloc(t->closes, size * sizeof(*closes));
	if (!closes) {
		return -ENOMEM;
	}
	t->closes = closes;
	memset(files + t->size, 0, (size - t->size) * sizeof(*files));
	memset(closes + t->size, 0, (size - t->size) * sizeof(*closes));
	t->size = size;
	return 0;
}

struct fd_table *fd_table_new(void)
{
	struct fd_table *t = calloc(1, sizeof(*t));

	if (t) {
		t->refs = 1;
	}
	return t;
}

/* As large as it needs to be, not as large as it once was. */
struct fd_table *fd_table_copy(struct fd_table *from)
{
	struct fd_table *t = fd_table_new();
	uint32_t used = from->size;

	while (used && !from->files[used - 1]) {
		used--;
	}
	if (!t || (used && reserve(t, used - 1))) {
		if (t) {
			fd_table_put(t);
		}
		return NULL;
	}
	for (uint32_t fd = 0; fd < used; fd++) {
		t->files[fd] = from->files[fd];
		t->closes[fd] = from->closes[fd];
		if (t->files[fd]) {
			file_get(t->files[fd]);
		}
	}
	t->lowest = from->lowest < used ? from->lowest : used;
	return t;
}

struct fd_table *fd_table_get(struct fd_table *t)
{
	t->refs++;
	return t;
}

void fd_table_put(struct fd_table *t)
{
	if (--t->refs) {
		return;
	}
	for (uint32_t fd = 0; fd < t->size; fd++) {
		if (t->files[fd]) {
			file_put(t->files[fd]);
		}
	}
	free(t->files);
	free(t->closes);
	free(t);
}

/* Closing may run anything but come back here: the entry goes first. */
static void close_entry(struct fd_table *t, uint32_t fd)
{
	struct file *f = t->files[fd];

	t->files[fd] = NULL;
	t->closes[fd] = false;
	if (fd < t->lowest) {
		t->lowest = fd;
	}
	file_put(f);
}

void fd_table_close_on_exec(struct fd_table *t)
{
	for (uint32_t fd = 0; fd < t->size; fd++) {
		if (t->files[fd] && t->closes[fd]) {
			close_entry(t, fd);
		}
	}
}

struct file *fd_table_file(const struct fd_table *t, uint32_t fd)
{
	return fd < t->size ? t->files[fd] : NULL;
}

uint32_t fd_table_size(const struct fd_table *t)
{
	return t->size;
}

struct file *fd_file(uint32_t fd)
{
	const struct fd_table *t = current->fds;

	return fd < t->size ? t->files[fd] : NULL;
}

/* What the process may have; one that asks for no limit gets ours. */
static uint32_t limit(void)
{
	uint32_t n = current->process->limit[RLIMIT_NOFILE].soft;

	return n < SIZE_MAX_EVER ? n : SIZE_MAX_EVER;
}

static void put_at(struct fd_table *t, uint32_t fd, struct file *f,
		   bool close_on_exec)
{
	t->files[fd] = f;
	t->closes[fd] = close_on_exec;
}

/*
 * The lowest free one, as programs rely on. lowest moves up only if nothing
 * below it was skipped.
 */
int fd_install(struct file *f, uint32_t from, bool close_on_exec)
{
	struct fd_table *t = current->fds;
	uint32_t fd = from < t->lowest ? t->lowest : from;
	int error;

	if (from >= limit()) {
		return from ? -EINVAL : -EMFILE;
	}
	while (fd < t->size && t->files[fd]) {
		fd++;
	}
	if (fd >= limit()) {
		return -EMFILE;
	}
	error = reserve(t, fd);
	if (error) {
		return error;
	}
	put_at(t, fd, f, close_on_exec);
	if (from <= t->lowest) {
		t->lowest = fd + 1;
	}
	return (int)fd;
}

/* Room is made before the old one goes: without memory nothing changes. */
int fd_replace(uint32_t fd, struct file *f, bool close_on_exec)
{
	struct fd_table *t = current->fds;
	int error = fd < limit() ? reserve(t, fd) : -EBADF;

	if (error) {
		return error;
	}
	if (t->files[fd]) {
		close_entry(t, fd);
	}
	put_at(t, fd, f, close_on_exec);
	return (int)fd;
}

int fd_close(uint32_t fd)
{
	if (!fd_file(fd)) {
		return -EBADF;
	}
	close_entry(current->fds, fd);
	return 0;
}

int fd_base(uint32_t fd, const char *path, struct inode **base)
{
	const struct file *f;

	*base = NULL;
	if (*path == '/' || fd == AT_FDCWD) {
		return 0;
	}
	f = fd_file(fd);
	if (!f) {
		return -EBADF;
	}
	*base = f->inode;
	return inode_is(f->inode, S_IFDIR) ? 0 : -ENOTDIR;
}

int fd_lookup(uint32_t fd, uint32_t at, uint32_t at_flags, struct inode **out)
{
	struct inode *base;
	const char *path;
	int error = path_fetch(at, &path);

	if (error) {
		return error;
	}
	if (!*path && (at_flags & AT_EMPTY_PATH)) {
		const struct file *f = fd_file(fd);

		*out = f ? f->inode : current->fs->cwd;
		if (!f && fd != AT_FDCWD) {
			return -EBADF;
		}
		inode_get(*out);
		return 0;
	}
	error = fd_base(fd, path, &base);
	if (!error) {
		error = path_lookup(
			base, path,
			at_flags & AT_SYMLINK_NOFOLLOW ? PATH_NOFOLLOW : 0,
			out);
	}
	return error;
}

bool fd_close_on_exec(uint32_t fd)
{
	return current->fds->closes[fd];
}

void fd_set_close_on_exec(uint32_t fd, bool on)
{
	current->fds->closes[fd] = on;
}
