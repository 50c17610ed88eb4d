/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bit searches by a single instruction.
 */
#pragma once

#include "hv/lib/types.h"

/*
 * Number of the lowest bit that is set in @bits, which is not 0. The compiler's
 * built-in clears the result register first, to break a dependency that some
 * processors have: one instruction more in the shortest loops.
 */
static inline u32 lowest_bit(u32 bits)
{
	u32 n;

	__asm__("bsfl %1, %0" : "=r"(n) : "rm"(bits) : "cc");
	return n;
}
