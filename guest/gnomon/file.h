/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Open files and descriptor tables.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct inode;
struct file;

/* Of Linux. */
#define O_ACCMODE   003u
#define O_RDONLY    00u
#define O_WRONLY    01u
#define O_RDWR	    02u
#define O_CREAT	    0100u
#define O_EXCL	    0200u
#define O_NOCTTY    0400u
#define O_TRUNC	    01000u
#define O_APPEND    02000u
#define O_NONBLOCK  04000u
#define O_LARGEFILE 0100000u
#define O_DIRECTORY 0200000u
#define O_NOFOLLOW  0400000u
#define O_CLOEXEC   02000000u

#define POLLIN	 0x1u
#define POLLPRI	 0x2u
#define POLLOUT	 0x4u
#define POLLERR	 0x8u
#define POLLHUP	 0x10u
#define POLLNVAL 0x20u

struct file_ops {
	/*
	 * @buf is a user address that was not looked at. Bytes moved, or
	 * -E*. *@position is file->position, or a copy for pread().
	 */
	long (*read)(struct file *f, uint32_t buf, uint32_t n,
		     uint64_t *position);
	long (*write)(struct file *f, uint32_t buf, uint32_t n,
		      uint64_t *position);
	/* POLL* that hold now. Whoever changes them calls wait_wake(). */
	uint32_t (*poll)(struct file *f);
	long (*ioctl)(struct file *f, uint32_t request, uint32_t arg);
	void (*release)(struct file *f); /* the last reference is gone */
};

struct file {
	const struct file_ops *ops;
	uint32_t refs;
	uint32_t flags; /* O_* */
	uint64_t position;
	struct inode *inode; /* referenced; never NULL: pipes have one too */
	char *path;	     /* malloc; for /proc and fchdir; may be NULL */
	void *data;
};

struct file *file_new(struct inode *i, uint32_t flags);
void file_get(struct file *f);
void file_put(struct file *f);
/* Open as open() does, from kernel memory. 0 or -E*. */
int file_open(struct inode *base, const char *path, uint32_t flags,
	      uint32_t mode, struct file **out);
/* Read into kernel memory: bytes or -E*; regular files only. */
long file_read_kernel(struct inode *i, uint64_t position, void *to, uint32_t n);

extern const struct file_ops regular_file_ops; /* by inode_ops.page */

struct fd_table; /* fd.c */
struct fd_table *fd_table_new(void);
struct fd_table *fd_table_copy(struct fd_table *from);
void fd_table_get(struct fd_table *t);
void fd_table_put(struct fd_table *t);
void fd_table_close_on_exec(struct fd_table *t);
/* Without a reference: valid until the current task sleeps or closes it. */
struct file *fd_file(uint32_t fd);
/* Number or -EMFILE; the reference goes over. */
int fd_install(struct file *f, uint32_t from, bool close_on_exec);
/* What /proc/PID/fd shows; NULL: closed. */
struct file *fd_table_file(const struct fd_table *t, uint32_t fd);
uint32_t fd_table_size(const struct fd_table *t);
