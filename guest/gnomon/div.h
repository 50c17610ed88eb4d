/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Division of 64-bit values, which the compiler would leave to a library.
 */
#pragma once

#include <stdint.h>

/* *@value divided by @by, in place; the remainder comes back. */
static inline uint32_t div_u64(uint64_t *value, uint32_t by)
{
	uint32_t high = (uint32_t)(*value >> 32), low = (uint32_t)*value;
	uint32_t rest = high % by;

	high /= by;
	/* The rest is below @by, so the quotient fits. */
	__asm__("divl %[by]" : "+a"(low), "+d"(rest) : [by] "r"(by) : "cc");
	*value = (uint64_t)high << 32 | low;
	return rest;
}
