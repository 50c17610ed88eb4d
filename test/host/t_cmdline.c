// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * guest/lib/cmdline.c: words, quotes and escapes, row by row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "guest/lib/cmdline.h"

/* @words ends with NULL. */
static void assert_words(const char *line, const char *const words[])
{
	char *copy = strdup(line), *rest = copy;
	const char *word;

	assert_non_null(copy);
	for (; *words; words++) {
		word = cmdline_word(&rest);
		assert_non_null(word);
		assert_string_equal(word, *words);
	}
	assert_null(cmdline_word(&rest));
	assert_null(cmdline_word(&rest));
	free(copy);
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void test_words(void **state)
{
	(void)state;
	assert_words("", LIST(NULL));
	assert_words("   ", LIST(NULL));
	assert_words("a", LIST("a"));
	assert_words("  a=b   c ", LIST("a=b", "c"));
	assert_words("sh -c \"echo hi there\"",
		     LIST("sh", "-c", "echo hi there"));
	assert_words("name=\"b  c\" d", LIST("name=b  c", "d"));
	assert_words("\"name=b c\" d", LIST("name=b c", "d"));
	assert_words("a \"\" b", LIST("a", "", "b"));
	assert_words("\"\"", LIST(""));
	assert_words("a \"b c", LIST("a", "b c"));
	assert_words("it\\'s a\\\\b \\\"c d\\\"",
		     LIST("it's", "a\\b", "\"c", "d\""));
	assert_words("\"say \\\"x y\\\"\"", LIST("say \"x y\""));
	assert_words("a\\nb \\", LIST("a\\nb", "\\"));
	assert_words("\"a\\", LIST("a\\"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
