/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decimal conversion by long division in base 2^16: there is no 64-bit
 * divide instruction, and no libgcc.
 */
#include "hv/lib/decimal.h"

/* Divide *@value by 10 in place, return the remainder. */
static u32 divide_by_10(u64 *value)
{
	u64 quotient = 0;
	u32 rest = 0;

	for (int shift = 48; shift >= 0; shift -= 16) {
		u32 part = rest << 16 | (u32)(*value >> shift & 0xffff);

		quotient |= (u64)(part / 10) << shift;
		rest = part % 10;
	}
	*value = quotient;
	return rest;
}

const char *decimal_u64(char text[DECIMAL_MAX], u64 value)
{
	char *p = text + DECIMAL_MAX - 1;

	*p = '\0';
	do {
		*--p = (char)('0' + divide_by_10(&value));
	} while (value);
	return p;
}
