// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls on the place of a process in the tree of names, and on what is
 * mounted there.
 */
#include <string.h>

#include "guest/gnomon/file.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/fcntl.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"

#define TYPE_MAX 32

#define MS_REMOUNT 0x20u
#define MS_BIND	   0x1000u

/* --- where a process is --- */

/* Make *@place @i, whose reference goes over if it is a directory. */
static long go_to(struct inode **place, struct inode *i)
{
	if (!inode_is(i, S_IFDIR)) {
		inode_put(i);
		return -ENOTDIR;
	}
	inode_put(*place);
	*place = i;
	return 0;
}

long sys_chdir(const struct syscall_args *a)
{
	struct inode *i;
	long error = fd_lookup(AT_FDCWD, a->arg[0], 0, &i);

	return error ? error : go_to(&current->fs->cwd, i);
}

long sys_fchdir(const struct syscall_args *a)
{
	struct file *f = fd_file(a->arg[0]);

	if (!f) {
		return -EBADF;
	}
	inode_get(f->inode);
	return go_to(&current->fs->cwd, f->inode);
}

long sys_chroot(const struct syscall_args *a)
{
	struct inode *i;
	long error = fd_lookup(AT_FDCWD, a->arg[0], 0, &i);

	return error ? error : go_to(&current->fs->root, i);
}

long sys_getcwd(const struct syscall_args *a)
{
	static char path[PATH_MAX];
	int n = path_of(current->fs->cwd, path, sizeof(path));

	if (n < 0) {
		return n;
	}
	if ((uint32_t)n + 1 > a->arg[1]) {
		return -ERANGE;
	}
	return copy_to_user(a->arg[0], path, (size_t)n + 1) ? -EFAULT : n + 1;
}

/* --- mounts --- */

/* A root for a file system of that type; NULL: there is none. */
static struct inode *new_root(const char **type)
{
	static const char *const in_memory[] = { "tmpfs", "ramfs", "devtmpfs" };

	if (strcmp(*type, "proc") == 0) {
		*type = "proc";
		return proc_root();
	}
	for (uint32_t k = 0; k < 3; k++) {
		if (strcmp(*type, in_memory[k]) == 0) {
			*type = in_memory[k];
			return ramfs_new(0755);
		}
	}
	return NULL;
}

/* Is a file system of that type mounted there, so that nothing is to do? */
static bool is_mounted(const struct inode *root, const char *type)
{
	const struct mount *m = mount_first();

	while (m && m->root != root) {
		m = m->next;
	}
	return m && strcmp(m->type, type) == 0 && strcmp(type, "tmpfs") != 0;
}

static long mount_on(struct inode *dir, const char *type)
{
	struct inode *root;
	long error;

	if (is_mounted(dir, type)) {
		return 0;
	}
	if (dir == root_inode) {
		return -EBUSY;
	}
	root = new_root(&type);
	if (!root) {
		return -ENODEV;
	}
	error = mount_add(dir, root, type);
	inode_put(root);
	return error;
}

/* Where from does not matter: no type has a device. */
long sys_mount(const struct syscall_args *a)
{
	char type[TYPE_MAX];
	struct inode *dir;
	long error;

	if (a->arg[3] & MS_REMOUNT) {
		return 0;
	}
	if ((a->arg[3] & MS_BIND) || !a->arg[2]) {
		return -EINVAL;
	}
	error = copy_string_from_user(type, a->arg[2], sizeof(type));
	if (error < 0) {
		return error == -ENAMETOOLONG ? -ENODEV : error;
	}
	error = fd_lookup(AT_FDCWD, a->arg[1], 0, &dir);
	if (!error) {
		error = mount_on(dir, type);
		inode_put(dir);
	}
	return error;
}

long sys_umount2(const struct syscall_args *a)
{
	struct inode *root;
	long error = fd_lookup(AT_FDCWD, a->arg[0], 0, &root);

	if (!error) {
		error = root == root_inode ? -EBUSY : mount_remove(root);
		inode_put(root);
	}
	return error;
}

SYSCALL(umount, sys_umount2(a))
