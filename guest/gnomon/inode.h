/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What files are, apart from being open: directories, contents, devices.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct inode;
struct file;

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
#define PATH_MAX 4096

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
	/* Entry at *@position, which moves on; 0: end, 1: *@name, *@ino, *@type
	 * set. */
	int (*entry)(struct inode *dir, uint64_t *position,
		     char name[NAME_MAX + 1], uint32_t *ino, uint32_t *mode);
	/* Symbolic links: into @to, without NUL; length or -E*. */
	int (*readlink)(struct inode *i, char *to, uint32_t size);
	/*
	 * Contents, for mappings and read(): the frame of page @n, without a
	 * reference; made (zeroed) if @make. 0: a hole, behind the end, or no
	 * memory.
	 */
	uint32_t (*page)(struct inode *i, uint32_t n, bool make);
	int (*truncate)(struct inode *i, uint64_t size);
	/* open(): fill in file->ops and file->data; 0 or -E*. */
	int (*open)(struct inode *i, struct file *f);
	/* The last reference is gone. */
	void (*free)(struct inode *i);
};

struct inode {
	const struct inode_ops *ops;
	uint32_t refs;
	uint32_t ino;
	uint32_t mode; /* type and permissions */
	uint32_t uid, gid;
	uint32_t links;
	uint32_t rdev;
	uint64_t size;
	uint64_t mtime;	       /* ns since 1970; one for all three */
	struct inode *mounted; /* of a directory: what is mounted there */
	void *data;	       /* the file system's */
};

void inode_get(struct inode *i);
void inode_put(struct inode *i);

/* --- path.c --- */

extern struct inode *root_inode;

struct fs_context {
	uint32_t refs;
	struct inode *root, *cwd;
	char cwd_path[PATH_MAX];
	uint32_t umask;
};

struct fs_context *fs_context_new(void);
struct fs_context *fs_context_copy(const struct fs_context *from);
void fs_context_put(struct fs_context *c);

#define PATH_NOFOLLOW 1u /* the last component may be a symbolic link */

/* @path from kernel memory; @base NULL: the working directory. */
int path_lookup(struct inode *base, const char *path, uint32_t flags,
		struct inode **out);
/* The directory that holds, or would hold, the last component. */
int path_parent(struct inode *base, const char *path, struct inode **dir,
		char name[NAME_MAX + 1]);

/* --- file systems --- */

void ramfs_init(void); /* makes root_inode */
struct inode *ramfs_new(uint32_t mode);
/* Unpack [@start, @start + @size) of kernel memory below the root. 0 or -E*,
 * *@why says. */
int cpio_unpack(const uint8_t *start, uint32_t size, const char **why);
void dev_init(void);  /* fills /dev */
void proc_init(void); /* mounts /proc */
