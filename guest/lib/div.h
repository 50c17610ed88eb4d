/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 64-bit division, for which 32-bit compilers call a library that kernels
 * are not linked with.
 */
#pragma once

#include <stdint.h>

/* @n / @by; the remainder at @rest unless it is NULL. */
static inline uint64_t div64(uint64_t n, uint32_t by, uint32_t *rest)
{
	uint32_t high = (uint32_t)(n >> 32) / by;
	uint32_t over = (uint32_t)(n >> 32) % by;
	uint32_t low, left;

	__asm__("divl %[by]"
		: "=a"(low), "=d"(left)
		: "a"((uint32_t)n), "d"(over), [by] "rm"(by));
	if (rest) {
		*rest = left;
	}
	return (uint64_t)high << 32 | low;
}
