// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Descriptors: their tables, the calls that make, change and close them, and
 * how other calls find the files they are about.
 *
 * I1: entries[] has size entries; each with a file owns a reference.
 *
 * A table grows as far as the process's limit allows, which has an end. Read
 * pipe.c next.
 */
#include "guest/gnomon/fs/fd.h"

#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/fs/file.h"
#include "guest/gnomon/fs/path.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/linux/fcntl.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/task.h"

#define SIZE_STEP 16

/* What fcntl() may change of an open file; the rest was decided by open(). */
#define FLAGS_CHANGE (O_APPEND | O_NONBLOCK)

struct entry {
	struct file *file; /* NULL: free */
	bool closes;	   /* on exec */
};

struct fd_table {
	uint32_t refs;
	uint32_t size;
	struct entry *entries;
};

/* --- tables --- */

/* Make room for descriptor @fd. */
static int reserve(struct fd_table *t, uint32_t fd)
{
	uint32_t size = (fd | (SIZE_STEP - 1)) + 1;
	struct entry *entries;

	if (fd < t->size) {
		return 0;
	}
	entries = realloc(t->entries, size * sizeof(*entries));
	if (!entries) {
		return -ENOMEM;
	}
	memset(entries + t->size, 0, (size - t->size) * sizeof(*entries));
	t->entries = entries;
	t->size = size;
	return 0;
}

struct fd_table *fd_table_copy(const struct fd_table *from)
{
	struct fd_table *t = calloc(1, sizeof(*t));

	if (t && from && from->size && reserve(t, from->size - 1)) {
		free(t);
		return NULL;
	}
	for (uint32_t fd = 0; t && fd < t->size; fd++) {
		t->entries[fd] = from->entries[fd];
		file_get(t->entries[fd].file);
	}
	if (t) {
		t->refs = 1;
	}
	return t;
}

struct fd_table *fd_table_get(struct fd_table *t)
{
	t->refs++;
	return t;
}

/* Closing may run anything but come back here: the entry changes first. */
static void set_entry(struct fd_table *t, uint32_t fd, struct entry to)
{
	struct file *old = t->entries[fd].file;

	t->entries[fd] = to;
	file_put(old);
}

void fd_table_put(struct fd_table *t)
{
	if (!t || --t->refs) {
		return;
	}
	for (uint32_t fd = 0; fd < t->size; fd++) {
		set_entry(t, fd, (struct entry){ 0 });
	}
	free(t->entries);
	free(t);
}

void fd_table_close_on_exec(struct fd_table *t)
{
	for (uint32_t fd = 0; fd < t->size; fd++) {
		if (t->entries[fd].closes) {
			set_entry(t, fd, (struct entry){ 0 });
		}
	}
}

struct file *fd_table_file(const struct fd_table *t, uint32_t fd)
{
	return fd < t->size ? t->entries[fd].file : NULL;
}

uint32_t fd_table_size(const struct fd_table *t)
{
	return t->size;
}

struct file *fd_file(uint32_t fd)
{
	return fd_table_file(current->fds, fd);
}

static uint32_t limit(void)
{
	return current->process->limit[RLIMIT_NOFILE].soft;
}

/*
 * In place of what is there, which goes when there is room for @f. The
 * reference goes over in any case; NULL is -EBADF.
 */
static int put_at(struct file *f, uint32_t fd, bool close_on_exec)
{
	int error = f && fd < limit() ? reserve(current->fds, fd) : -EBADF;

	if (!error) {
		set_entry(current->fds, fd, (struct entry){ f, close_on_exec });
		return (int)fd;
	}
	file_put(f);
	return error;
}

/* The lowest free one, as programs rely on. */
int fd_install(struct file *f, uint32_t from, bool close_on_exec)
{
	int fd;

	while (fd_file(from)) {
		from++;
	}
	fd = put_at(f, from, close_on_exec);
	return f && fd == -EBADF ? -EMFILE : fd;
}

/* --- what calls are about --- */

int fd_path(uint32_t fd, struct user_ptr at, struct inode **base,
	    const char **path)
{
	const struct file *f;
	int error = path_fetch(at, path);

	*base = NULL;
	if (error || **path == '/' || fd == AT_FDCWD) {
		return error;
	}
	f = fd_file(fd);
	if (!f) {
		return -EBADF;
	}
	*base = f->inode;
	return 0;
}

int fd_lookup(uint32_t fd, struct user_ptr at, uint32_t at_flags,
	      struct inode **out)
{
	uint32_t follow = at_flags & AT_SYMLINK_NOFOLLOW ? PATH_NOFOLLOW : 0;
	struct inode *base;
	const char *path;
	int error = fd_path(fd, at, &base, &path);

	if (error || *path || !(at_flags & AT_EMPTY_PATH)) {
		return error ? error : path_lookup(base, path, follow, out);
	}
	*out = inode_get(base ? base : current->process->cwd);
	return 0;
}

long do_at(uint32_t fd, struct user_ptr path, uint32_t at_flags, inode_fn fn,
	   const uint32_t *arg)
{
	struct inode *i;
	long result = fd_lookup(fd, path, at_flags, &i);

	if (!result) {
		result = fn(i, arg);
		inode_put(i);
	}
	return result;
}

long do_on(uint32_t fd, inode_fn fn, const uint32_t *arg)
{
	const struct file *f = fd_file(fd);

	return f ? fn(f->inode, arg) : -EBADF;
}

/* --- calls --- */

int fd_close(uint32_t fd)
{
	if (!fd_file(fd)) {
		return -EBADF;
	}
	set_entry(current->fds, fd, (struct entry){ 0 });
	return 0;
}

SYSCALL(close, fd_close(arg[0]))

SYSCALL(dup, fd_install(file_get(fd_file(arg[0])), 0, false))
SYSCALL(dup2, arg[0] == arg[1] && fd_file(arg[0])
		      ? (long)arg[0]
		      : put_at(file_get(fd_file(arg[0])), arg[1], false))
SYSCALL(dup3,
	arg[0] == arg[1] || (arg[2] & ~O_CLOEXEC)
		? -EINVAL
		: put_at(file_get(fd_file(arg[0])), arg[1], arg[2] & O_CLOEXEC))

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
		return arg < limit() ? fd_install(file_get(f), arg,
						  a->arg[1] == F_DUPFD_CLOEXEC)
				     : -EINVAL;
	case F_GETFD:
		return current->fds->entries[fd].closes ? FD_CLOEXEC : 0;
	case F_SETFD:
		current->fds->entries[fd].closes = arg & FD_CLOEXEC;
		return 0;
	case F_GETFL:
		return (long)f->flags;
	case F_SETFL:
		f->flags = (f->flags & ~FLAGS_CHANGE) | (arg & FLAGS_CHANGE);
		return 0;
	case F_GETLK: /* LIMIT: locks are granted and keep nobody out */
	case F_GETLK64:
		return copy_to_user(user_ptr(arg), &(uint16_t){ F_UNLCK }, 2);
	case F_SETLK:
	case F_SETLKW:
	case F_SETLK64:
	case F_SETLKW64:
		return 0;
	default:
		return -EINVAL;
	}
}

SYSCALL(fcntl, sys_fcntl64(a))

long sys_ioctl(const struct syscall_args *a)
{
	struct file *f = fd_file(a->arg[0]);
	long result;

	if (!f || !f->ops->ioctl) {
		return f ? -ENOTTY : -EBADF;
	}
	file_get(f);
	result = f->ops->ioctl(f, a->arg[1], a->arg[2]);
	file_put(f);
	return result;
}

/* Advice, and locks of whole files: LIMIT: they keep nobody out. */
SYSCALL(flock, fd_file(arg[0]) ? 0 : -EBADF)
SYSCALL(fadvise64, fd_file(arg[0]) ? 0 : -EBADF)
SYSCALL(fadvise64_64, fd_file(arg[0]) ? 0 : -EBADF)
SYSCALL(readahead, fd_file(arg[0]) ? 0 : -EBADF)
