// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * User memory. Addresses are checked to lie in the user's half; whether
 * anything is there, the page fault finds out: it fills what the space has,
 * and continues at the fix-up otherwise (trap.c).
 */
#include "guest/gnomon/uaccess.h"

#include <stdbool.h>

#include "guest/gnomon/layout.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/lib/trap.h"

static bool is_user(uint32_t at, size_t n)
{
	return at <= USER_END && n <= USER_END - at;
}

/* Copies dwords, then bytes. 0, or -EFAULT with part of it done. */
static int copy(void *to, const void *from, size_t n)
{
	size_t words = n / 4;
	size_t rest = n % 4;
	int error = 0;

	__asm__ volatile("1: rep movsl\n\t"
			 "movl %[rest], %%ecx\n\t"
			 "2: rep movsb\n\t"
			 "jmp 4f\n\t"
			 "3: movl %[efault], %[error]\n"
			 "4:\n" TRAP_FIXUP("1b", "3b") TRAP_FIXUP("2b", "3b")
			 : "+D"(to), "+S"(from),
			   "+c"(words), [error] "+r"(error)
			 : [rest] "r"(rest), [efault] "i"(-EFAULT)
			 : "memory");
	return error;
}

int copy_from_user(void *to, uint32_t from, size_t n)
{
	return is_user(from, n) ? copy(to, (const void *)from, n) : -EFAULT;
}

int copy_to_user(uint32_t to, const void *from, size_t n)
{
	return is_user(to, n) ? copy((void *)to, from, n) : -EFAULT;
}

int clear_user(uint32_t to, size_t n)
{
	size_t words = n / 4;
	size_t rest = n % 4;
	int error = 0;

	if (!is_user(to, n)) {
		return -EFAULT;
	}
	__asm__ volatile("1: rep stosl\n\t"
			 "movl %[rest], %%ecx\n\t"
			 "2: rep stosb\n\t"
			 "jmp 4f\n\t"
			 "3: movl %[efault], %[error]\n"
			 "4:\n" TRAP_FIXUP("1b", "3b") TRAP_FIXUP("2b", "3b")
			 : "+D"(to), "+c"(words), [error] "+r"(error)
			 : "a"(0), [rest] "r"(rest), [efault] "i"(-EFAULT)
			 : "memory");
	return error;
}

/* One byte, or -EFAULT. */
static int read_byte(uint32_t from)
{
	int value;

	__asm__ volatile("1: movzbl (%[from]), %[value]\n\t"
			 "jmp 3f\n\t"
			 "2: movl %[efault], %[value]\n"
			 "3:\n" TRAP_FIXUP("1b", "2b")
			 : [value] "=r"(value)
			 : [from] "r"(from), [efault] "i"(-EFAULT)
			 : "memory");
	return value;
}

int copy_string_from_user(char *to, uint32_t from, size_t max)
{
	size_t i;

	for (i = 0; i < max; i++) {
		int c = is_user(from + i, 1) ? read_byte(from + i) : -EFAULT;

		if (c < 0) {
			return c;
		}
		to[i] = (char)c;
		if (!c) {
			return (int)i;
		}
	}
	return -ENAMETOOLONG;
}

int read_user_u32(uint32_t *to, uint32_t from)
{
	uint32_t value = 0;
	int error = 0;

	if (!is_user(from, sizeof(value))) {
		return -EFAULT;
	}
	__asm__ volatile("1: movl (%[from]), %[value]\n\t"
			 "jmp 3f\n\t"
			 "2: movl %[efault], %[error]\n"
			 "3:\n" TRAP_FIXUP("1b", "2b")
			 : [value] "+r"(value), [error] "+r"(error)
			 : [from] "r"(from), [efault] "i"(-EFAULT)
			 : "memory");
	*to = value;
	return error;
}

int write_user_u32(uint32_t to, uint32_t value)
{
	int error = 0;

	if (!is_user(to, sizeof(value))) {
		return -EFAULT;
	}
	__asm__ volatile(
		"1: movl %[value], (%[to])\n\t"
		"jmp 3f\n\t"
		"2: movl %[efault], %[error]\n"
		"3:\n" TRAP_FIXUP("1b", "2b")
		: [error] "+r"(error)
		: [to] "r"(to), [value] "r"(value), [efault] "i"(-EFAULT)
		: "memory");
	return error;
}
