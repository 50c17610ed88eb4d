/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mem=SIZE on a Linux guest's command line.
 *
 * Linux itself would limit its memory map, but refuses to do so with fewer than
 * two entries. A guest of this interface uses only the first entry, so there
 * must not be two. Umbra gives the guest less memory instead.
 *
 * It distrusts the text, which is a user's. Next: hv/pc/memory.c.
 */
#include "hv/load/linux_args.h"

#include <string.h>

#include "hv/lib/text.h"

/* A number with C's prefixes for bases. Too large a number becomes ~0. */
static u64 parse_number(const char **at)
{
	u32 base = **at == '0' ? 8 : 10, digit;
	u64 n = 0;

	if (base == 8 && ((*at)[1] | 0x20) == 'x' &&
	    text_digit((*at)[2]) < 16) {
		base = 16;
		*at += 2;
	}
	for (; (digit = text_digit(**at)) < base; ++*at) {
		n = n >> 60 ? ~(u64)0 : n * base + digit;
	}
	return n;
}

/* Text after the size is ignored, as Linux does. */
static u64 parse_size(const char *at)
{
	static const char suffixes[] = "kmgtpe";
	u64 n = parse_number(&at);
	const char *suffix = *at ? strchr(suffixes, *at | 0x20) : NULL;
	u32 times = suffix ? (u32)(suffix - suffixes) + 1 : 0;

	while (times-- > 0) {
		n = n >> 54 ? ~(u64)0 : n << 10;
	}
	return n;
}

/* @t without the quotes around it; the last may be missing. */
static struct text strip(struct text t)
{
	if (text_len(t) && *t.at == '"') {
		t.at++;
		t.end -= text_len(t) && t.end[-1] == '"';
	}
	return t;
}

/*
 * Is @word mem= with a value meant as a size? Quotes may be around the word or
 * the value. The value is then in *@value, and may have text after the size.
 */
static bool is_mem(struct text word, const char **value)
{
	static const char key[] = "mem=";
	const size_t len = sizeof(key) - 1;

	word = strip(word);
	if (text_len(word) < len || memcmp(word.at, key, len)) {
		return false;
	}
	word.at += len;
	word = strip(word);
	*value = word.at;
	return !text_is(word, "nopentium");
}

bool linux_args_take_mem(char *args, u64 *size)
{
	struct text rest = text_of(args);
	bool is_taken = false, is_over = false;
	char *to = args;

	*size = LINUX_MEM_ALL;
	for (;;) {
		const char *from = rest.at, *value;
		struct text word = text_word(&rest);

		if (text_len(word) == 0) {
			break;
		}
		is_over |= text_is(word, "--");
		if (!is_over && is_mem(word, &value)) {
			u64 limit = parse_size(value);

			*size = limit ? min_u64(*size, limit) : *size;
			is_taken = true;
			continue;
		}
		from = to == args ? word.at : from;
		memmove(to, from, (size_t)(word.end - from));
		to += word.end - from;
	}
	*to = '\0';
	return is_taken;
}
