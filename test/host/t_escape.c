// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hv/lib/escape.c: a table of rules, then random bytes and sizes against a
 * model that escapes everything first and cuts afterwards.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hv/lib/log.h"

struct row {
	const char *src;
	size_t src_len;
	size_t dst_size;
	const char *want;
};

static const struct row rows[] = {
	{ "", 0, 10, "" },
	{ "abc", 3, 10, "abc" },
	{ "abc", 2, 10, "ab" },
	{ "abc", 0, 10, "" },
	{ "ab\0cd", 5, 10, "ab" },
	{ " ~!\"%", 5, 10, " ~!\"%" },
	{ "\x1f\x7f", 2, 10, "\\x1f\\x7f" },
	{ "\x80\xff", 2, 10, "\\x80\\xff" },
	{ "\x1b[2J", 4, 10, "\\x1b[2J" },
	{ "a\nb\tc\rd", 7, 20, "a\\nb\\tc\\x0dd" },
	{ "\\n", 2, 10, "\\\\n" },
	/* An exact fit is not cut; one byte more is. */
	{ "abcdefghi", 9, 10, "abcdefghi" },
	{ "abcdefghij", 10, 10, "abcdef..." },
	{ "abcdefg\x01", 8, 10, "abcdef..." },
	{ "abcde\x01", 6, 10, "abcde\\x01" },
	{ "abc\x01"
	  "defgh",
	  9, 10, "abc..." },
	{ "ab\x01zzzz", 7, 10, "ab\\x01..." },
	{ "\n\n\n\nx", 5, 9, "\\n\\n..." },
	/* A NUL behind an exact fit is no reason to cut. */
	{ "abc\0d", 5, 4, "abc" },
	{ "abcd", 4, 4, "..." },
	{ "abcd", 4, 3, ".." },
	{ "abcd", 4, 2, "." },
	{ "abcd", 4, 1, "" },
	{ "ab", 2, 3, "ab" },
	{ "", 0, 1, "" },
};

/* @src and @dst get allocations of exactly their sizes. */
static char *escape(const void *src, size_t src_len, size_t dst_size)
{
	char *s = malloc(src_len + !src_len);
	char *dst = malloc(dst_size);

	assert_non_null(s);
	assert_non_null(dst);
	memcpy(s, src, src_len);
	memset(dst, 0x55, dst_size);
	assert_ptr_equal(log_escape(dst, dst_size, s, src_len), dst);
	free(s);
	return dst;
}

static void test_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *r = &rows[i];
		char *got = escape(r->src, r->src_len, r->dst_size);

		assert_string_equal(got, r->want);
		free(got);
	}
}

static void test_no_room(void **state)
{
	char c = 'x';

	(void)state;
	assert_ptr_equal(log_escape(&c, 0, "abc", 3), &c);
	assert_int_equal(c, 'x');
}

static u64 seed;

static u32 rnd(u32 below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (u32)(seed >> 33) % below;
}

/* All of @src, escaped. Remembers in @ends where each byte's form ends. */
static size_t model_escape(char *out, const u8 *src, size_t len, size_t *ends)
{
	size_t n = 0;

	for (size_t i = 0; i < len && src[i] != 0; i++) {
		if (src[i] == '\\') {
			strcpy(out + n, "\\\\");
		} else if (src[i] == '\n') {
			strcpy(out + n, "\\n");
		} else if (src[i] == '\t') {
			strcpy(out + n, "\\t");
		} else if (src[i] < ' ' || src[i] > '~') {
			sprintf(out + n, "\\x%02x", src[i]);
		} else {
			sprintf(out + n, "%c", src[i]);
		}
		n += strlen(out + n);
		ends[i] = n;
	}
	out[n] = 0;
	return n;
}

static void model(char *out, const u8 *src, size_t len, size_t dst_size)
{
	size_t ends[64] = { 0 };
	size_t full = model_escape(out, src, len, ends);
	size_t keep = 0;

	if (full < dst_size) {
		return;
	}
	for (size_t i = 0; i < len; i++) {
		if (ends[i] + 3 < dst_size && ends[i] > keep) {
			keep = ends[i];
		}
	}
	strcpy(out + keep, "...");
	/* Without room for three dots there are fewer. */
	out[dst_size - 1 < keep + 3 ? dst_size - 1 : keep + 3] = 0;
}

static void test_against_model(void **state)
{
	static const u8 common[] = "a \\\n\t\r\x1b~\x7f\x80";
	char want[64 * 4 + 4];
	u8 src[64];

	(void)state;
	seed = 5;
	for (u32 round = 0; round < 100000; round++) {
		size_t len = rnd(sizeof(src) + 1);
		size_t dst_size = 1 + rnd(rnd(2) ? 40 : 270);
		u32 plain = rnd(4);
		char *got;

		for (size_t i = 0; i < len; i++) {
			src[i] = rnd(4) < plain ? 'x'
				 : rnd(2)	? common[rnd(10)]
						: (u8)(1 + rnd(255));
			if (rnd(200) == 0) {
				src[i] = 0;
			}
		}
		model(want, src, len, dst_size);
		got = escape(src, len, dst_size);
		assert_string_equal(got, want);
		free(got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_against_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
