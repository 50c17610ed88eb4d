// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Collecting arguments. Strings are copied once, into the frames where the
 * program will find them.
 */
#include "guest/gnomon/exec_args.h"

#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/frame.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/uaccess.h"

#define OFFSETS_FIRST 64

static int note_offset(struct exec_args *a)
{
	if (a->strings == a->offsets_max) {
		uint32_t n =
			a->offsets_max ? 2 * a->offsets_max : OFFSETS_FIRST;
		uint32_t *more = realloc(a->offset, n * sizeof(*more));

		if (!more) {
			return -ENOMEM;
		}
		a->offset = more;
		a->offsets_max = n;
	}
	a->offset[a->strings++] = a->used;
	return 0;
}

/* As copy_string_from_user(). */
static int copy_string(char *to, const char *from, uint32_t max)
{
	uint32_t n = (uint32_t)strnlen(from, max);

	memcpy(to, from, n < max ? n + 1 : max);
	return n < max ? (int)n : -ENAMETOOLONG;
}

int exec_args_add(struct exec_args *a, uint32_t from, bool from_user)
{
	int n = note_offset(a);

	while (!n) {
		uint32_t at = a->used & PAGE_MASK;
		uint32_t room = PAGE_SIZE - at;
		char *to;

		if (a->used + (a->strings + 1) * sizeof(uint32_t) > a->limit) {
			return -E2BIG;
		}
		if (a->used >> PAGE_SHIFT == a->frames) {
			if (a->frames == EXEC_FRAMES_MAX) {
				return -E2BIG;
			}
			a->frame[a->frames] = frame_alloc();
			if (!a->frame[a->frames]) {
				return -ENOMEM;
			}
			a->frames++;
		}
		to = (char *)frame_at(a->frame[a->used >> PAGE_SHIFT]) + at;
		n = from_user ? copy_string_from_user(to, from, room)
			      : copy_string(to, (const char *)from, room);
		if (n >= 0) {
			a->used += (uint32_t)n + 1;
			return 0;
		}
		if (n == -ENAMETOOLONG) {
			a->used += room;
			from += room;
			n = 0;
		}
	}
	return n;
}

static int read_pointer(uint32_t *to, uint32_t from, bool from_user)
{
	if (from_user) {
		return read_user_u32(to, from);
	}
	memcpy(to, (const void *)from, sizeof(*to));
	return 0;
}

int exec_args_add_all(struct exec_args *a, uint32_t array, uint32_t skip,
		      bool from_user)
{
	int count = 0;

	/* Linux takes a null pointer for an empty array. */
	while (array) {
		uint32_t string;
		int error = read_pointer(&string, array, from_user);

		if (!error && !string) {
			break;
		}
		if (!error && skip) {
			skip--;
		} else if (!error) {
			error = exec_args_add(a, string, from_user);
			count++;
		}
		if (error) {
			return error;
		}
		array += sizeof(uint32_t);
	}
	return count;
}

void exec_args_finish(struct exec_args *a)
{
	uint32_t at = a->used & PAGE_MASK;

	if (at) {
		memset((char *)frame_at(a->frame[a->frames - 1]) + at, 0,
		       PAGE_SIZE - at);
	}
}

void exec_args_free(struct exec_args *a)
{
	for (uint32_t i = 0; i < a->frames; i++) {
		if (a->frame[i]) {
			frame_put(a->frame[i]);
		}
	}
	free(a->offset);
}
