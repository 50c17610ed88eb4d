// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hv/lib/text.c: words and quotes, row by row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hv/lib/text.h"

static void assert_text(struct text t, const char *want)
{
	if (!text_is(t, want)) {
		fail_msg("'%.*s' is not '%s'", (int)text_len(t), t.at, want);
	}
}

/* @words ends with NULL. The copy ends where AddressSanitizer looks. */
static void assert_words(const char *line, const char *const words[])
{
	size_t len = strlen(line);
	char *copy = malloc(len + 1);
	struct text rest;

	assert_non_null(copy);
	memcpy(copy, line, len);
	rest = (struct text){ copy, copy + len };
	for (u32 i = 0; words[i]; i++) {
		assert_text(text_word(&rest), words[i]);
	}
	assert_int_equal(text_len(text_word(&rest)), 0);
	assert_ptr_equal(rest.at, rest.end);
	free(copy);
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void test_words(void **state)
{
	(void)state;
	assert_words("", LIST(NULL));
	assert_words(" \t ", LIST(NULL));
	assert_words("a", LIST("a"));
	assert_words("  a\tb=c  ", LIST("a", "b=c"));
	assert_words("\"a b\" c", LIST("\"a b\"", "c"));
	assert_words("a=\"b  c\" d", LIST("a=\"b  c\"", "d"));
	assert_words("\"a=b c\"\td", LIST("\"a=b c\"", "d"));
	assert_words("a\"b c\"d e", LIST("a\"b c\"d", "e"));
	assert_words("a \"b c", LIST("a", "\"b c"));
	assert_words("a\" \"b", LIST("a\" \"b"));
	assert_words("\"\" a", LIST("\"\"", "a"));
	assert_words("a\\\" b", LIST("a\\\" b"));
	assert_words("it's a", LIST("it's", "a"));
}

static void test_unquote(void **state)
{
	(void)state;
	assert_text(text_unquote(text_of("\"a b\"")), "a b");
	assert_text(text_unquote(text_of("\"\"")), "");
	assert_text(text_unquote(text_of("\"")), "\"");
	assert_text(text_unquote(text_of("\"a")), "\"a");
	assert_text(text_unquote(text_of("a\"")), "a\"");
	assert_text(text_unquote(text_of("a=\"b\"")), "a=\"b\"");
	assert_text(text_unquote(text_of("")), "");
}

static void test_split(void **state)
{
	struct text rest = text_of("key=a=b");

	(void)state;
	assert_text(text_split(&rest, "="), "key");
	assert_text(rest, "a=b");
	assert_text(text_split(&rest, ",="), "a");
	assert_text(text_split(&rest, "="), "b");
	assert_null(rest.at);
}

/* Any byte: no base has a digit of 16. */
static void test_digits(void **state)
{
	static const char digits[] = "0123456789abcdef";

	(void)state;
	for (int c = -128; c < 128; c++) {
		const char *at = c > 0 ? strchr(digits, c) : NULL;
		u32 want = at ? (u32)(at - digits) : 16;

		if (c >= 'A' && c <= 'F') {
			want = (u32)(c - 'A') + 10;
		}
		assert_int_equal(text_digit((char)c), want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_unquote),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
