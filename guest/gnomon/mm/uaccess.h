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

int copy_from_user(void *to, uint32_t from, size_t n);
int copy_to_user(uint32_t to, const void *from, size_t n);
int clear_user(uint32_t to, size_t n);
/* Length without NUL, -EFAULT, or -ENAMETOOLONG: no NUL within @max. */
int copy_string_from_user(char *to, uint32_t from, size_t max);
int read_user_u32(uint32_t *to, uint32_t from);
int write_user_u32(uint32_t to, uint32_t value);

/* --- either's memory --- */

/* Where data comes from that a file is to take. */
struct buffer {
	uint32_t user;	    /* address, not looked at */
	const void *kernel; /* NULL: it is the program's, at @user */
};

static inline struct buffer buffer_of_user(uint32_t at)
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
			: buffer_of_user(b.user + n);
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
