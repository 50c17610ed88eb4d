// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls that change the tree of names. Places and mounts are in
 * sys_mount.c.
 */
#include <string.h>

#include "guest/gnomon/file.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/fcntl.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"

/* Another text from the program, where a path is in use already. */
static char second_path[PATH_MAX];

static int parent_of(uint32_t fd, uint32_t at, struct path_last *last)
{
	struct inode *base;
	const char *path;
	int error = path_fetch(at, &path);

	if (!error) {
		error = fd_base(fd, path, &base);
	}
	if (!error) {
		error = path_parent(base, path, PATH_NOFOLLOW, last);
	}
	return error;
}

/* What cannot be made, removed or renamed, for it is no entry. */
static bool is_special(const char *name)
{
	return !*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Where a name is to be made: it must be a name, and no slash behind it. */
static int place_for(uint32_t fd, uint32_t at, struct path_last *last)
{
	int error = parent_of(fd, at, last);

	if (error) {
		return error;
	}
	if (is_special(last->name)) {
		error = -EEXIST;
	} else if (last->wants_dir) {
		error = -ENOENT;
	} else if (!last->dir->ops->create) {
		error = -EPERM;
	}
	if (error) {
		inode_put(last->dir);
	}
	return error;
}

/* Directories have a call of their own. */
static long make_node(uint32_t fd, uint32_t at, uint32_t mode, uint32_t rdev)
{
	struct path_last last;
	long error;

	switch (mode & S_IFMT) {
	case 0:
		mode |= S_IFREG;
		break;
	case S_IFREG:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		break;
	default:
		return mode & S_IFDIR ? -EPERM : -EINVAL;
	}
	error = place_for(fd, at, &last);
	if (error) {
		return error;
	}
	mode &= S_IFMT | (07777 & ~current->fs->umask);
	error = last.dir->ops->create(last.dir, last.name, mode, rdev, NULL);
	inode_put(last.dir);
	return error;
}

SYSCALL(mknod, make_node(AT_FDCWD, arg[0], arg[1], arg[2]))
SYSCALL(mknodat, make_node(arg[0], arg[1], arg[2], arg[3]))

static long make_dir(uint32_t fd, uint32_t at, uint32_t mode)
{
	struct path_last last;
	long error = parent_of(fd, at, &last);

	if (error) {
		return error;
	}
	mode = S_IFDIR | (mode & 01777 & ~current->fs->umask);
	if (is_special(last.name)) {
		error = -EEXIST;
	} else if (!last.dir->ops->create) {
		error = -EPERM;
	} else {
		error = last.dir->ops->create(last.dir, last.name, mode, 0,
					      NULL);
	}
	inode_put(last.dir);
	return error;
}

SYSCALL(mkdir, make_dir(AT_FDCWD, arg[0], arg[1]))
SYSCALL(mkdirat, make_dir(arg[0], arg[1], arg[2]))

/* Each special name has its own error, as POSIX has it. */
static long remove_name(uint32_t fd, uint32_t at, bool want_dir)
{
	struct path_last last;
	long error = parent_of(fd, at, &last);

	if (error) {
		return error;
	}
	if (is_special(last.name)) {
		error = !want_dir		       ? -EISDIR
			: strcmp(last.name, ".") == 0  ? -EINVAL
			: strcmp(last.name, "..") == 0 ? -ENOTEMPTY
						       : -EBUSY;
	} else if (last.wants_dir && !want_dir) {
		error = -ENOTDIR;
	} else if (!last.dir->ops->unlink) {
		error = -EPERM;
	} else {
		error = last.dir->ops->unlink(last.dir, last.name, want_dir);
	}
	inode_put(last.dir);
	return error;
}

SYSCALL(unlink, remove_name(AT_FDCWD, arg[0], false))
SYSCALL(rmdir, remove_name(AT_FDCWD, arg[0], true))

long sys_unlinkat(const struct syscall_args *a)
{
	if (a->arg[2] & ~AT_REMOVEDIR) {
		return -EINVAL;
	}
	return remove_name(a->arg[0], a->arg[1], a->arg[2] & AT_REMOVEDIR);
}

static long make_symlink(uint32_t to, uint32_t fd, uint32_t at)
{
	struct path_last last;
	long error = copy_string_from_user(second_path, to, PATH_MAX);

	if (error <= 0) {
		return error ? error : -ENOENT;
	}
	error = place_for(fd, at, &last);
	if (!error) {
		error = last.dir->ops->symlink(last.dir, last.name,
					       second_path);
		inode_put(last.dir);
	}
	return error;
}

SYSCALL(symlink, make_symlink(arg[0], AT_FDCWD, arg[1]))
SYSCALL(symlinkat, make_symlink(arg[0], arg[1], arg[2]))

/* A file that lost its last name cannot get another. */
static long make_link(uint32_t from_fd, uint32_t from, uint32_t fd, uint32_t at,
		      uint32_t flags)
{
	struct path_last last;
	struct inode *i;
	uint32_t look = flags & AT_EMPTY_PATH;
	long error;

	look |= flags & AT_SYMLINK_FOLLOW ? 0 : AT_SYMLINK_NOFOLLOW;
	error = fd_lookup(from_fd, from, look, &i);
	if (error) {
		return error;
	}
	error = place_for(fd, at, &last);
	if (!error) {
		error = i->links ? last.dir->ops->link(last.dir, last.name, i)
				 : -ENOENT;
		inode_put(last.dir);
	}
	inode_put(i);
	return error;
}

SYSCALL(link, make_link(AT_FDCWD, arg[0], AT_FDCWD, arg[1], 0))
SYSCALL(linkat, make_link(arg[0], arg[1], arg[2], arg[3], arg[4]))

/* Between two places that exist. */
static long rename_last(const struct path_last *from,
			const struct path_last *to, uint32_t flags)
{
	struct inode *i;
	long error = 0;

	if (is_special(from->name) || is_special(to->name)) {
		return -EBUSY;
	}
	if (from->dir->dev != to->dir->dev || !from->dir->ops->rename) {
		return -EXDEV;
	}
	i = from->dir->ops->lookup(from->dir, from->name);
	if (!i) {
		return -ENOENT;
	}
	if (!inode_is(i, S_IFDIR) && (from->wants_dir || to->wants_dir)) {
		error = -ENOTDIR;
	}
	inode_put(i);
	if (!error && (flags & RENAME_NOREPLACE)) {
		i = to->dir->ops->lookup(to->dir, to->name);
		if (i) {
			inode_put(i);
			error = -EEXIST;
		}
	}
	return error ? error
		     : from->dir->ops->rename(from->dir, from->name, to->dir,
					      to->name);
}

/* Names are copied, for both paths use the same buffers. */
static long rename_at(uint32_t from_fd, uint32_t from, uint32_t to_fd,
		      uint32_t to, uint32_t flags)
{
	static struct path_last source, target;
	long error;

	if (flags & ~RENAME_NOREPLACE) {
		return -EINVAL;
	}
	error = parent_of(from_fd, from, &source);
	if (error) {
		return error;
	}
	error = parent_of(to_fd, to, &target);
	if (!error) {
		error = rename_last(&source, &target, flags);
		inode_put(target.dir);
	}
	inode_put(source.dir);
	return error;
}

SYSCALL(rename, rename_at(AT_FDCWD, arg[0], AT_FDCWD, arg[1], 0))
SYSCALL(renameat, rename_at(arg[0], arg[1], arg[2], arg[3], 0))
SYSCALL(renameat2, rename_at(arg[0], arg[1], arg[2], arg[3], arg[4]))

/* Not terminated, and cut to what there is room for: so it is defined. */
static long read_link(uint32_t fd, uint32_t at, uint32_t to, uint32_t size)
{
	struct inode *i;
	long result =
		fd_lookup(fd, at, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, &i);

	if (result) {
		return result;
	}
	if (!inode_is(i, S_IFLNK) || (int32_t)size <= 0) {
		result = -EINVAL;
	} else {
		result = i->ops->readlink(i, second_path, PATH_MAX);
	}
	inode_put(i);
	if (result > 0) {
		result = (uint32_t)result < size ? result : (long)size;
		if (copy_to_user(to, second_path, (size_t)result)) {
			result = -EFAULT;
		}
	}
	return result;
}

SYSCALL(readlink, read_link(AT_FDCWD, arg[0], arg[1], arg[2]))
SYSCALL(readlinkat, read_link(arg[0], arg[1], arg[2], arg[3]))
