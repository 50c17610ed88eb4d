/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses of programs.
 */
#pragma once

#include <stdint.h>

/*
 * An address as a program gave it: nothing was looked at. A type of its own,
 * so that no number or kernel address is taken for one.
 */
struct user_ptr {
	uint32_t at; /* 0: NULL */
};

static inline struct user_ptr user_ptr(uint32_t at)
{
	return (struct user_ptr){ at };
}

/* What is behind the first @n bytes there. */
static inline struct user_ptr user_rest(struct user_ptr p, uint32_t n)
{
	return user_ptr(p.at + n);
}
