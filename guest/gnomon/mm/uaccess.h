/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * User memory. An address that is not the program's is -EFAULT, whatever it
 * is; absent pages are faulted in. And buffers, which may be the kernel's.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/mm/user_ptr.h"

int copy_from_user(void *to, struct user_ptr from, size_t n);
int copy_to_user(struct user_ptr to, const void *from, size_t n);
int clear_user(struct user_ptr to, size_t n);
/* Length without NUL, -EFAULT, or -ENAMETOOLONG: no NUL within @max. */
int copy_string_from_user(char *to, struct user_ptr from, size_t max);
int read_user_u32(uint32_t *to, struct user_ptr from);
int write_user_u32(struct user_ptr to, uint32_t value);

/* --- either's memory --- */

/* Where data comes from that a file is to take. */
struct buffer {
	struct user_ptr user;
	const void *kernel; /* NULL: it is the program's, at @user */
};

static inline struct buffer buffer_of_user(struct user_ptr at)
{
	return (struct buffer){ .user = at };
}

static inline struct buffer buffer_of_kernel(const void *at)
{
	return (struct buffer){ .kernel = at };
}

/* What is behind its first @n bytes. */
static inline struct buffer buffer_rest(struct buffer b, uint32_t n)
{
	return b.kernel ? buffer_of_kernel((const char *)b.kernel + n)
			: buffer_of_user(user_rest(b.user, n));
}

/* 0 or -EFAULT. */
static inline int copy_from_buffer(void *to, struct buffer from, size_t n)
{
	if (!from.kernel) {
		return copy_from_user(to, from.user, n);
	}
	memcpy(to, from.kernel, n);
	return 0;
}
