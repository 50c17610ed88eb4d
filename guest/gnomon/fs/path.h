/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From names to inodes, and mounts.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/fs/inode.h"
#include "guest/gnomon/mm/user_ptr.h"

#define PATH_MAX 4096

extern struct inode *root_inode;

#define PATH_NOFOLLOW 1u /* the last component may be a symbolic link */

/*
 * @base NULL: the working directory. 0 or -E*; *@out is referenced. @path is
 * not needed any more when a lookup is done.
 */
int path_lookup(struct inode *base, const char *path, uint32_t flags,
		struct inode **out);
/* The path at user address @from; *@path is valid until the next one. */
int path_fetch(struct user_ptr from, const char **path);

/* Where the last component is, or would be. */
struct path_last {
	/* Both are referenced; @here is NULL: there is no such name. */
	struct inode *dir, *here;
	char name[NAME_MAX + 1]; /* may be "." or "..", or "" for the root */
	bool wants_dir;		 /* a slash follows */
};

/* Without PATH_NOFOLLOW, a symbolic link there leads on to its target. */
int path_parent(struct inode *base, const char *path, uint32_t flags,
		struct path_last *out);

/* The absolute name of @i, with NUL: its length, or -ENOENT, -ENAMETOOLONG. */
int path_of(struct inode *i, char *to, uint32_t size);

struct mount {
	struct inode *covered, *root; /* referenced */
	const char *type;
	struct mount *next;
};

/*
 * Put @root over directory @dir; @type stays the caller's. The reference to
 * the root goes over in any case; NULL is -ENOMEM.
 */
int mount_add(struct inode *dir, struct inode *root, const char *type);
extern struct mount *mounts; /* in the order in which they were made */
/*
 * At boot: on directory @name of the root, made if it is missing. The reference
 * goes over; NULL: there was no memory for it.
 */
void mount_in_root(const char *name, struct inode *root, const char *type);
