// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls on the tree of names: what makes, removes and renames entries,
 * the place of a process in the tree, and what is mounted there.
 */
#include <string.h>

#include "guest/gnomon/fs/fd.h"
#include "guest/gnomon/fs/file.h"
#include "guest/gnomon/fs/path.h"
#include "guest/gnomon/fs/ramfs.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/linux/fcntl.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/procfs/proc.h"
#include "guest/gnomon/task/task.h"

#define TYPES	   3
#define TYPE_MAX   32
#define MS_REMOUNT 0x20u

/* A text that is no path, or a path where another is in use already. */
static char text[PATH_MAX];

/* --- entries --- */

/* What a call does with a name in a directory, and other arguments. */
typedef long (*name_fn)(const struct path_last *at, const uint32_t *arg);

/* Do it with the last name of a path; @follow is PATH_NOFOLLOW or 0. */
static long do_last(uint32_t fd, struct user_ptr at, uint32_t follow,
		    name_fn fn, const uint32_t *arg)
{
	struct path_last last;
	struct inode *base;
	const char *path;
	long error = fd_path(fd, at, &base, &path);

	if (!error) {
		error = path_parent(base, path, follow, &last);
	}
	if (!error) {
		error = fn(&last, arg);
		inode_put(last.dir);
		inode_put(last.here);
	}
	return error;
}

static long do_name(uint32_t fd, struct user_ptr at, name_fn fn,
		    const uint32_t *arg)
{
	return do_last(fd, at, PATH_NOFOLLOW, fn, arg);
}

/*
 * May the entry be made, removed or renamed? Trees that are made up have no
 * create(), and none of the others; some names are no entries: @special.
 */
static long may_change(const struct path_last *at, long special)
{
	const char *name = at->name;

	if (!at->dir->ops->create) {
		return -EPERM;
	}
	return !*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0
		       ? special
		       : 0;
}

/* May it be made? No slash behind it says that it is a directory. */
static long may_make(const struct path_last *at, bool is_dir)
{
	long error = may_change(at, -EEXIST);

	return !error && at->wants_dir && !is_dir ? -ENOENT : error;
}

/* @arg: mode with the type, device. */
static long make(const struct path_last *at, const uint32_t *arg)
{
	uint32_t mode = arg[0] & ~current->process->umask;
	long error = may_make(at, (mode & S_IFMT) == S_IFDIR);

	return error ? error
		     : at->dir->ops->create(at->dir, at->name, mode, arg[1],
					    NULL);
}

static long make_node(uint32_t fd, struct user_ptr path, uint32_t mode,
		      uint32_t rdev)
{
	uint32_t type = mode & S_IFMT;

	if (type == S_IFDIR || type == S_IFLNK) {
		return type == S_IFDIR ? -EPERM : -EINVAL;
	}
	type = type ? type : S_IFREG;
	return do_name(fd, path, make, ARGS(type | (mode & 07777), rdev));
}

SYSCALL(mknod, make_node(AT_FDCWD, user_ptr(arg[0]), arg[1], arg[2]))
SYSCALL(mknodat, make_node(arg[0], user_ptr(arg[1]), arg[2], arg[3]))
SYSCALL(mkdir, do_name(AT_FDCWD, user_ptr(arg[0]), make,
		       ARGS(S_IFDIR | (arg[1] & 01777), 0)))
SYSCALL(mkdirat, do_name(arg[0], user_ptr(arg[1]), make,
			 ARGS(S_IFDIR | (arg[2] & 01777), 0)))

/* @arg: what it says. */
static long make_symlink(const struct path_last *at, const uint32_t *arg)
{
	long error =
		copy_string_from_user(text, user_ptr(arg[0]), sizeof(text));

	if (error <= 0) {
		return error ? error : -ENOENT;
	}
	error = may_make(at, false);
	return error ? error : at->dir->ops->symlink(at->dir, at->name, text);
}

SYSCALL(symlink, do_name(AT_FDCWD, user_ptr(arg[1]), make_symlink, arg))
SYSCALL(symlinkat, do_name(arg[1], user_ptr(arg[2]), make_symlink, arg))

/* @arg: descriptor, path, flags. What lost its last name gets no other. */
static long make_link(const struct path_last *at, const uint32_t *arg)
{
	uint32_t look = arg[2] & AT_EMPTY_PATH;
	struct inode *i;
	long error = may_make(at, false);

	look |= arg[2] & AT_SYMLINK_FOLLOW ? 0 : AT_SYMLINK_NOFOLLOW;
	error = error ? error : fd_lookup(arg[0], user_ptr(arg[1]), look, &i);
	if (!error) {
		error = i->links ? at->dir->ops->link(at->dir, at->name, i)
				 : -ENOENT;
		inode_put(i);
	}
	return error;
}

SYSCALL(link, do_name(AT_FDCWD, user_ptr(arg[1]), make_link,
		      ARGS(AT_FDCWD, arg[0], 0)))
SYSCALL(linkat, do_name(arg[2], user_ptr(arg[3]), make_link,
			ARGS(arg[0], arg[1], arg[4])))

/* @arg: flags. Each special name has its own error, as POSIX has it. */
static long remove_name(const struct path_last *at, const uint32_t *arg)
{
	bool want_dir = arg[0] & AT_REMOVEDIR;
	long error = may_change(at, !want_dir	  ? -EISDIR
				    : !*at->name  ? -EBUSY
				    : at->name[1] ? -ENOTEMPTY
						  : -EINVAL);

	if (error || (arg[0] & ~AT_REMOVEDIR)) {
		return error ? error : -EINVAL;
	}
	return at->wants_dir && !want_dir
		       ? -ENOTDIR
		       : at->dir->ops->unlink(at->dir, at->name, want_dir);
}

SYSCALL(unlink, do_name(AT_FDCWD, user_ptr(arg[0]), remove_name, ARGS(0)))
SYSCALL(rmdir,
	do_name(AT_FDCWD, user_ptr(arg[0]), remove_name, ARGS(AT_REMOVEDIR)))
SYSCALL(unlinkat, do_name(arg[0], user_ptr(arg[1]), remove_name, arg + 2))

/* Where from, while do_name() finds where to. */
static const struct path_last *source;

/* @arg: flags. */
static long rename_to(const struct path_last *to, const uint32_t *arg)
{
	const struct path_last *from = source;
	long error = may_change(from, -EBUSY);

	error = error ? error : may_change(to, -EBUSY);
	if (error || (arg[0] & ~RENAME_NOREPLACE)) {
		return error ? error : -EINVAL;
	}
	if (from->dir->dev != to->dir->dev) {
		return -EXDEV;
	}
	if (!from->here) {
		return -ENOENT;
	}
	if (!inode_is(from->here, S_IFDIR) &&
	    (from->wants_dir || to->wants_dir)) {
		return -ENOTDIR;
	}
	if ((arg[0] & RENAME_NOREPLACE) && to->here) {
		return -EEXIST;
	}
	return from->dir->ops->rename(from->dir, from->name, to->dir, to->name);
}

/* @arg: descriptor and path where to, flags. */
static long rename_from(const struct path_last *from, const uint32_t *arg)
{
	source = from;
	return do_name(arg[0], user_ptr(arg[1]), rename_to, arg + 2);
}

SYSCALL(rename, do_name(AT_FDCWD, user_ptr(arg[0]), rename_from,
			ARGS(AT_FDCWD, arg[1], 0)))
SYSCALL(renameat,
	do_name(arg[0], user_ptr(arg[1]), rename_from, ARGS(arg[2], arg[3], 0)))
SYSCALL(renameat2, do_name(arg[0], user_ptr(arg[1]), rename_from, arg + 2))

/* --- open --- */

/* @arg: flags. */
static long open_it(struct inode *i, const uint32_t *arg)
{
	struct file *f;
	/* The sign is no flag: fcntl() returns them all. */
	int error = file_open(i, arg[0] & INT32_MAX, &f);

	return error ? error : fd_install(f, 0, arg[0] & O_CLOEXEC);
}

/* With O_CREAT. @arg: flags, mode. */
static long open_last(const struct path_last *at, const uint32_t *arg)
{
	uint32_t mode = S_IFREG | (arg[1] & 07777 & ~current->process->umask);
	struct inode *i;
	long result = at->wants_dir ? -EISDIR : may_change(at, -ENOENT);

	if (at->here && (!at->wants_dir || inode_is(at->here, S_IFDIR))) {
		return arg[0] & O_EXCL ? -EEXIST : open_it(at->here, arg);
	}
	if (!result) {
		result = at->dir->ops->create(at->dir, at->name, mode, 0, &i);
	}
	if (!result) {
		result = open_it(i, arg);
		inode_put(i);
	}
	return result;
}

static long open_at(uint32_t fd, struct user_ptr path, uint32_t flags,
		    uint32_t mode)
{
	bool stays =
		flags & (flags & O_CREAT ? O_NOFOLLOW | O_EXCL : O_NOFOLLOW);

	return flags & O_CREAT
		       ? do_last(fd, path, stays ? PATH_NOFOLLOW : 0, open_last,
				 ARGS(flags, mode))
		       : do_at(fd, path, stays ? AT_SYMLINK_NOFOLLOW : 0,
			       open_it, ARGS(flags));
}

SYSCALL(open, open_at(AT_FDCWD, user_ptr(arg[0]), arg[1], arg[2]))
SYSCALL(openat, open_at(arg[0], user_ptr(arg[1]), arg[2], arg[3]))
SYSCALL(creat, open_at(AT_FDCWD, user_ptr(arg[0]), O_CREAT | O_WRONLY | O_TRUNC,
		       arg[1]))

/* --- symbolic links --- */

/* Not terminated, and cut to what there is room for: so it is defined. */
static long tell_link(struct inode *i, const uint32_t *arg)
{
	int32_t n, room = (int32_t)arg[1];

	if (!inode_is(i, S_IFLNK) || room <= 0) {
		return -EINVAL;
	}
	n = i->ops->readlink(i, text, sizeof(text));
	n = n < room ? n : room;
	return n > 0 && copy_to_user(user_ptr(arg[0]), text, (size_t)n)
		       ? -EFAULT
		       : n;
}

#define AT_LINK (AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)

SYSCALL(readlink,
	do_at(AT_FDCWD, user_ptr(arg[0]), AT_LINK, tell_link, arg + 1))
SYSCALL(readlinkat,
	do_at(arg[0], user_ptr(arg[1]), AT_LINK, tell_link, arg + 2))

/* --- where a process is --- */

static long go_to(struct inode *i, const uint32_t *arg)
{
	(void)arg;
	if (!inode_is(i, S_IFDIR)) {
		return -ENOTDIR;
	}
	inode_put(current->process->cwd);
	current->process->cwd = inode_get(i);
	return 0;
}

SYSCALL(chdir, do_at(AT_FDCWD, user_ptr(arg[0]), 0, go_to, NULL))
SYSCALL(fchdir, do_on(arg[0], go_to, NULL))

long sys_getcwd(const struct syscall_args *a)
{
	int n = path_of(current->process->cwd, text, sizeof(text));

	if (n < 0) {
		return n;
	}
	if ((uint32_t)n + 1 > a->arg[1]) {
		return -ERANGE;
	}
	return copy_to_user(user_ptr(a->arg[0]), text, (size_t)n + 1) ? -EFAULT
								      : n + 1;
}

/* --- mounts --- */

/* @arg: type. Where from does not matter: no type has a device. */
static long mount_on(struct inode *dir, const uint32_t *arg)
{
	static const char *const types[] = { "proc", "tmpfs", "devtmpfs" };
	char name[TYPE_MAX];
	int error = copy_string_from_user(name, user_ptr(arg[0]), sizeof(name));
	uint32_t k = 0;

	if (error < 0) {
		return error;
	}
	while (k < TYPES && strcmp(types[k], name) != 0) {
		k++;
	}
	if (k == TYPES) {
		return -ENODEV;
	}
	/* There already? Then nothing is to do. */
	for (const struct mount *m = mounts; m; m = m->next) {
		if (m->root == dir) {
			return strcmp(m->type, name) ? -EBUSY : 0;
		}
	}
	if (dir == root_inode) {
		return -EBUSY;
	}
	return mount_add(dir, k ? ramfs_new(0755) : proc_root(), types[k]);
}

SYSCALL(mount, arg[3] & MS_REMOUNT ? 0
				   : do_at(AT_FDCWD, user_ptr(arg[1]), 0,
					   mount_on, arg + 2))
