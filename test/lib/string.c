// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory functions: a test guest links against no library.
 *
 * The barriers keep the compiler from recognising a loop as the very
 * function it is in.
 */
#include "test/lib/vm.h"

#define NOT_AN_IDIOM() __asm__ volatile("" : : : "memory")

void *memcpy(void *to, const void *from, size_t size)
{
	u8 *t = to;
	const u8 *f = from;

	for (; size; size--) {
		*t++ = *f++;
		NOT_AN_IDIOM();
	}
	return to;
}

void *memmove(void *to, const void *from, size_t size)
{
	u8 *t = to;
	const u8 *f = from;

	if (t <= f) {
		return memcpy(to, from, size);
	}
	while (size--) {
		t[size] = f[size];
		NOT_AN_IDIOM();
	}
	return to;
}

void *memset(void *to, int byte, size_t size)
{
	u8 *t = to;

	for (; size; size--) {
		*t++ = (u8)byte;
		NOT_AN_IDIOM();
	}
	return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
	const u8 *x = a;
	const u8 *y = b;

	for (; size; size--, x++, y++) {
		if (*x != *y) {
			return *x - *y;
		}
	}
	return 0;
}

size_t strlen(const char *text)
{
	size_t length = 0;

	while (text[length]) {
		length++;
		NOT_AN_IDIOM();
	}
	return length;
}
