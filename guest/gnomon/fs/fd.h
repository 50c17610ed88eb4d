/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors, and how calls find the files they are about.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/mm/user_ptr.h"

struct file;
struct inode;

struct fd_table;
/* NULL: an empty one. */
struct fd_table *fd_table_copy(const struct fd_table *from);
struct fd_table *fd_table_get(struct fd_table *t);
void fd_table_put(struct fd_table *t);
void fd_table_close_on_exec(struct fd_table *t);
/* What /proc/PID/fd shows; NULL: closed. */
struct file *fd_table_file(const struct fd_table *t, uint32_t fd);
uint32_t fd_table_size(const struct fd_table *t);
/* Without a reference: valid until the current task sleeps or closes it. */
struct file *fd_file(uint32_t fd);
/* Number or -EMFILE, -ENOMEM; the reference goes over in any case. */
int fd_install(struct file *f, uint32_t from, bool close_on_exec);
int fd_close(uint32_t fd);

/* --- how calls find the files they are about --- */

/*
 * The path at user address @at, and where it begins: NULL is the working
 * directory. Valid until the task sleeps.
 */
int fd_path(uint32_t fd, struct user_ptr at, struct inode **base,
	    const char **path);
/* The inode, referenced, that a call names by @fd, user address @path, AT_*. */
int fd_lookup(uint32_t fd, struct user_ptr path, uint32_t at_flags,
	      struct inode **out);

/* Arguments that a form of a call makes up. */
#define ARGS(...) ((const uint32_t[]){ __VA_ARGS__ })

/* What a call does with an inode, and other arguments of its own; no sleep. */
typedef long (*inode_fn)(struct inode *i, const uint32_t *arg);
/* Do it with the one that fd_lookup() finds, or that descriptor @fd is of. */
long do_at(uint32_t fd, struct user_ptr path, uint32_t at_flags, inode_fn fn,
	   const uint32_t *arg);
long do_on(uint32_t fd, inode_fn fn, const uint32_t *arg);
