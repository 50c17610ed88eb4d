// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * boot/grub.c: rows, then random words that go through a model of what GRUB
 * does to them and must mean the same afterwards.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "boot/grub.h"
#include "hv/lib/text.h"

/* In a copy without a byte to spare. */
static char *restore(const char *text)
{
	char *copy = strdup(text);

	assert_non_null(copy);
	grub_restore_text(copy);
	return copy;
}

static void assert_restored(const char *text, const char *want)
{
	char *got = restore(text);

	assert_string_equal(got, want);
	free(got);
}

static void test_rows(void **state)
{
	(void)state;
	assert_restored("", "");
	assert_restored("a b=c  d ", "a b=c  d ");
	assert_restored("\"name=b c\"", "name=\"b c\"");
	assert_restored("x \"a b\" y", "x \"a b\" y");
	assert_restored("\"a b=c\"", "\"a b=c\"");
	assert_restored("\"=a b\"", "=\"a b\"");
	assert_restored("\"a= \"", "a=\" \"");
	assert_restored("it\\'s", "it's");
	assert_restored("a\\\\b", "a\\b");
	assert_restored("\\\"a b\\\"", "\"a b\"");
	/* What the user quoted with apostrophes has quotes of its own. */
	assert_restored("\"a=\\\"b  c\\\"\" d", "a=\"b  c\" d");
	assert_restored("\"it\\'s so\"", "\"it's so\"");
	/* Other backslashes are not GRUB's. */
	assert_restored("a\\x41\\t", "a\\x41\\t");
	/* Cut in the middle. */
	assert_restored("\"a=b c", "a=\"b c");
	assert_restored("\"a b\\", "\"a b\\");
	assert_restored("a\\", "a\\");
	assert_restored("\"", "\"");
	assert_restored("\"\"", "\"\"");
	assert_restored("\"a=\\\"b", "a=\"b");
}

static void test_loader(void **state)
{
	static struct boot_info info;
	static const struct {
		const char *loader;
		bool is_grub2;
	} rows[] = {
		{ "GRUB 2.06-13+deb12u1", true },
		{ "GRUB 2.12", true },
		{ "GNU GRUB 0.97", false },
		{ "GRUB", false },
		{ "qemu", false },
		{ "", false },
	};

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *want = rows[i].is_grub2 ? "it's" : "it\\'s";

		memset(&info, 0, sizeof(info));
		strcpy(info.loader, rows[i].loader);
		strcpy(info.cmdline, "it\\'s");
		strcpy(info.module[0].text, "it\\'s");
		strcpy(info.module[1].text, "it\\'s");
		info.module_count = 1;
		grub_restore(&info);
		assert_int_equal(info.cmdline_has_name, !rows[i].is_grub2);
		assert_string_equal(info.cmdline, want);
		assert_string_equal(info.module[0].text, want);
		assert_string_equal(info.module[1].text, "it\\'s");
	}
}

static u64 seed;

static u32 rnd(u32 below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (u32)(seed >> 33) % below;
}

/* A word, as GRUB's script has it, and as GRUB then passes it. */
static void random_word(char *word, char *passed)
{
	static const char bytes[] = "ab=\\' \"'x4";
	bool has_blank, has_quote;
	u32 len = 1 + rnd(8);
	char *to = passed;

	for (u32 i = 0; i < len; i++) {
		word[i] = bytes[rnd(sizeof(bytes) - 1)];
	}
	word[len] = '\0';
	has_blank = strchr(word, ' ');
	has_quote = strchr(word, '"');
	if (has_quote) {
		/* Its blanks mean what its own quotes make of them. */
		for (u32 i = 0; i < len; i++) {
			word[i] = word[i] == ' ' ? '_' : word[i];
		}
		has_blank = false;
	}
	if (has_blank) {
		*to++ = '"';
	}
	for (u32 i = 0; i < len; i++) {
		if (strchr("\\'\"", word[i])) {
			*to++ = '\\';
		}
		*to++ = word[i];
	}
	if (has_blank) {
		*to++ = '"';
	}
	*to = '\0';
}

/* @t without quotes around it or around its value. */
static void assert_means(struct text t, const char *word)
{
	struct text value = text_unquote(t);
	struct text key = text_split(&value, "=");
	char got[64];

	if (value.at) {
		value = text_unquote(value);
		snprintf(got, sizeof(got), "%.*s=%.*s", (int)text_len(key),
			 key.at, (int)text_len(value), value.at);
	} else {
		snprintf(got, sizeof(got), "%.*s", (int)text_len(key), key.at);
	}
	assert_string_equal(got, word);
}

static void test_random(void **state)
{
	(void)state;
	seed = 26;
	for (u32 round = 0; round < 20000; round++) {
		char word[3][16], passed[3][32], line[128], *got;
		struct text rest;
		bool has_quote = false;

		for (u32 i = 0; i < 3; i++) {
			random_word(word[i], passed[i]);
			has_quote = has_quote || strchr(word[i], '"');
		}
		snprintf(line, sizeof(line), "%s %s %s", passed[0], passed[1],
			 passed[2]);
		got = restore(line);
		assert_true(strlen(got) <= strlen(line));
		if (has_quote) {
			free(got);
			continue;
		}
		rest = text_of(got);
		for (u32 i = 0; i < 3; i++) {
			assert_means(text_word(&rest), word[i]);
		}
		assert_int_equal(text_len(text_word(&rest)), 0);
		free(got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_loader),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
