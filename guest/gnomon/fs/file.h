/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Open files and descriptor tables.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/fs/inode.h"
#include "guest/gnomon/linux/poll.h"
#include "guest/gnomon/mm/uaccess.h"

struct wait_queue;

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
#define O_DIRECTORY 0200000u
#define O_NOFOLLOW  0400000u
#define O_CLOEXEC   02000000u

struct file_ops {
	/*
	 * Bytes moved, or -E*. *@position is file->position, or a copy for
	 * pread().
	 */
	long (*read)(struct file *f, struct user_ptr to, uint32_t n,
		     uint64_t *position);
	long (*write)(struct file *f, struct buffer from, uint32_t n,
		      uint64_t *position);
	/*
	 * POLL* that hold now; NULL: it never makes anybody wait. Whoever
	 * changes them calls wait_wake().
	 */
	uint32_t (*poll)(struct file *f);
	long (*ioctl)(struct file *f, uint32_t request, uint32_t arg);
	void (*release)(struct file *f); /* the last reference is gone */
	bool is_stream;			 /* has no position */
};

struct file {
	const struct file_ops *ops;
	uint32_t refs;
	uint32_t flags; /* O_* */
	uint64_t position;
	struct inode *inode; /* referenced; never NULL: pipes have one too */
	void *data;
};

/* @f, which may be NULL. */
static inline struct file *file_get(struct file *f)
{
	if (f) {
		f->refs++;
	}
	return f;
}

/* The last reference is gone. */
void file_close(struct file *f);

static inline void file_put(struct file *f)
{
	if (f && !--f->refs) {
		file_close(f);
	}
}

extern uint32_t file_count;

/* Was it opened so that it may be read, or written? */
static inline bool file_reads(const struct file *f)
{
	return (f->flags & O_ACCMODE) != O_WRONLY;
}

static inline bool file_writes(const struct file *f)
{
	return (f->flags & O_ACCMODE) != O_RDONLY;
}

/* wait_on(), or -EAGAIN if it was opened not to wait. */
int file_wait(const struct file *f, struct wait_queue *q, uint64_t deadline);
/* With flags of open(); 0 or -E*. */
int file_open(struct inode *i, uint32_t flags, struct file **out);
/*
 * The byte of @i there, which the rest of its page follows. NULL: a hole or, if
 * @make, no memory.
 */
uint8_t *file_byte(struct inode *i, uint64_t position, bool make);
/* How many of @n bytes at @position are before the end of @i. */
uint32_t file_rest(const struct inode *i, uint64_t position, uint32_t n);

/* For inode_ops.open. */
extern const struct file_ops regular_file_ops; /* by inode_ops.page */
extern const struct file_ops directory_file_ops;
int pipe_open(struct inode *i, struct file *f);
