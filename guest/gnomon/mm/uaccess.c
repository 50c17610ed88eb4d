// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * User memory. Addresses are checked to lie in the user's half; whether
 * anything is there, the page fault finds out: it fills what the space has,
 * and continues at the fix-up otherwise (trap.c).
 */
#include "guest/gnomon/mm/uaccess.h"

#include <string.h>

#include "guest/gnomon/mm/frame.h"
#include "guest/lib/trap.h"

#define STRING_PART 32u

static bool is_user(struct user_ptr p, size_t n)
{
	return p.at <= USER_END && n <= USER_END - p.at;
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

int copy_from_user(void *to, struct user_ptr from, size_t n)
{
	return is_user(from, n) ? copy(to, (const void *)from.at, n) : -EFAULT;
}

int copy_to_user(struct user_ptr to, const void *from, size_t n)
{
	return is_user(to, n) ? copy((void *)to.at, from, n) : -EFAULT;
}

int clear_user(struct user_ptr to, size_t n)
{
	static const uint8_t zeros[PAGE_SIZE];
	size_t part;

	for (; n; n -= part) {
		part = frame_part(to.at, n);
		if (copy_to_user(to, zeros, part)) {
			return -EFAULT;
		}
		to.at += part;
	}
	return 0;
}

/*
 * In parts that never cross a page, so that what lies behind the string need
 * not be there.
 */
int copy_string_from_user(char *to, struct user_ptr from, size_t max)
{
	size_t done, part;
	const char *end;

	for (done = 0; done < max; done += part) {
		part = STRING_PART - (from.at + done) % STRING_PART;
		part = part < max - done ? part : max - done;
		if (copy_from_user(to + done, user_rest(from, done), part)) {
			return -EFAULT;
		}
		end = memchr(to + done, '\0', part);
		if (end) {
			return end - to;
		}
	}
	return -ENAMETOOLONG;
}

int read_user_u32(uint32_t *to, struct user_ptr from)
{
	return copy_from_user(to, from, sizeof(*to));
}

int write_user_u32(struct user_ptr to, uint32_t value)
{
	return copy_to_user(to, &value, sizeof(value));
}
