/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What files are, apart from being open: directories, contents, devices.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct inode;
struct file;
struct file_ops;

/* Of Linux: st_mode. */
#define S_IFMT	 0170000u
#define S_IFSOCK 0140000u
#define S_IFLNK	 0120000u
#define S_IFREG	 0100000u
#define S_IFBLK	 0060000u
#define S_IFDIR	 0040000u
#define S_IFCHR	 0020000u
#define S_IFIFO	 0010000u

#define NAME_MAX 255

#define FIRST_PLACE 2u /* in a directory, behind "." and ".." */

struct inode_ops {
	/* Directories. Each returns 0 or -E*; names are no paths. */
	struct inode *(*lookup)(struct inode *dir,
				const char *name); /* +1 reference, or NULL */
	int (*create)(struct inode *dir, const char *name, uint32_t mode,
		      uint32_t rdev, struct inode **out);
	int (*symlink)(struct inode *dir, const char *name, const char *to);
	int (*link)(struct inode *dir, const char *name, struct inode *to);
	int (*unlink)(struct inode *dir, const char *name, bool want_dir);
	int (*rename)(struct inode *from, const char *name, struct inode *to,
		      const char *new_name);
	/*
	 * First entry at *@position or behind it, where the next one is then;
	 * 0: end, 1: @name, *@ino, *@mode set. Places 0 and 1 are the
	 * caller's, for "." and "..".
	 */
	int (*entry)(struct inode *dir, uint64_t *position,
		     char name[NAME_MAX + 1], uint32_t *ino, uint32_t *mode);
	/*
	 * Some name of it: 0, with *@dir (no reference) and @name set, or
	 * -ENOENT: it has none any more.
	 */
	int (*where)(struct inode *i, struct inode **dir,
		     char name[NAME_MAX + 1]);
	/* Symbolic links: into @to, without NUL; length or -E*. */
	int (*readlink)(struct inode *i, char *to, uint32_t size);
	/* Links of /proc lead to a file, whatever its name: +1 reference;
	 * NULL: like others, by the text. */
	struct inode *(*jump)(struct inode *i);
	/*
	 * Contents, for mappings and read(): the frame of page @n, without a
	 * reference; made (zeroed) if @make. 0: a hole, behind the end, or no
	 * memory.
	 */
	uint32_t (*page)(struct inode *i, uint32_t n, bool make);
	int (*truncate)(struct inode *i, uint64_t size);
	/*
	 * open(): what file->ops becomes, then who may change it and fill in
	 * file->data: 0 or -E*. Neither: it cannot be opened.
	 */
	const struct file_ops *file_ops;
	int (*open)(struct inode *i, struct file *f);
	/* The last reference is gone. */
	void (*free)(struct inode *i);
};

struct inode {
	const struct inode_ops *ops;
	uint32_t refs;
	uint32_t dev, ino; /* dev: which file system it is of */
	uint32_t mode;	   /* type and permissions */
	uint32_t uid, gid;
	uint32_t links;
	uint32_t rdev;
	uint64_t size;
	uint64_t mtime;	       /* ns since 1970; one for all three */
	struct inode *mounted; /* of a directory: what is mounted there */
	void *data;	       /* of a FIFO that is open: its pipe */
};

/* A new one's fields: one reference, no links, a number of its own. */
void inode_init(struct inode *i, const struct inode_ops *ops, uint32_t mode);
struct inode *inode_get(struct inode *i); /* @i */
void inode_put(struct inode *i);	  /* or NULL */
void inode_touch(struct inode *i);	  /* contents changed now */
extern uint32_t inode_count;

static inline bool inode_is(const struct inode *i, uint32_t type)
{
	return (i->mode & S_IFMT) == type;
}
