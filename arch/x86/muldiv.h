/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 64-bit division, and scaling by a fraction without any: there is no libgcc.
 */
#pragma once

#include "hv/lib/types.h"

/* @n / @d for any quotient; @d is not 0. */
static inline u64 div_u64(u64 n, u32 d)
{
	u32 hi = (u32)(n >> 32) / d;
	u32 rest = (u32)(n >> 32) % d;
	u32 lo = (u32)n;

	/* rest < d, so the quotient fits: SDM 2A "DIV". */
	__asm__("divl %2" : "+a"(lo), "+d"(rest) : "r"(d) : "cc");
	return (u64)hi << 32 | lo;
}

/* A fraction: mult / 2^shift, with shift at most 32. */
struct ratio {
	u32 mult;
	u32 shift;
};

/*
 * The fraction @to / @from, rounded down. It has 32 significant bits when it is
 * at least 1/2, and one less for each halving. @from is not 0.
 */
static inline struct ratio ratio_make(u32 to, u32 from)
{
	struct ratio r = { .shift = 32 };

	while ((u64)from << (32 - r.shift) <= to) {
		r.shift--;
	}
	r.mult = (u32)div_u64((u64)to << r.shift, from);
	return r;
}

/* floor(@x * @r), modulo 2^64. Rises with @x. */
static inline u64 ratio_apply(struct ratio r, u64 x)
{
	return ((x >> 32) * r.mult << (32 - r.shift)) +
	       ((u64)(u32)x * r.mult >> r.shift);
}
