// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * arch/x86/keymap.c: a US keyboard by the legends on its keys, then noise.
 * The places of the keys are written down here once more, by code.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "arch/x86/keymap.h"

static struct keymap keys;

/* Type codes up to a 0; returns what comes out, terminated. */
static const char *type(const char *codes)
{
	static char text[256];
	u32 len = 0;

	for (; *codes; codes++) {
		u8 out[KEYMAP_OUT_MAX];
		u32 n = keymap_feed(&keys, (u8)*codes, out);

		assert_true(n <= KEYMAP_OUT_MAX);
		assert_true(len + n < sizeof(text));
		memcpy(text + len, out, n);
		len += n;
	}
	text[len] = '\0';
	return text;
}

static void fresh(void)
{
	keys = (struct keymap){ .num_lock = true };
}

struct row {
	u8 code;
	const char *plain;
	const char *shifted;
};

static const struct row rows[] = {
	{ 0x01, "\x1b", "\x1b" },
	{ 0x02, "1", "!" },
	{ 0x03, "2", "@" },
	{ 0x04, "3", "#" },
	{ 0x05, "4", "$" },
	{ 0x06, "5", "%" },
	{ 0x07, "6", "^" },
	{ 0x08, "7", "&" },
	{ 0x09, "8", "*" },
	{ 0x0a, "9", "(" },
	{ 0x0b, "0", ")" },
	{ 0x0c, "-", "_" },
	{ 0x0d, "=", "+" },
	{ 0x0e, "\x7f", "\x7f" },
	{ 0x0f, "\t", "\x1b[Z" },
	{ 0x10, "q", "Q" },
	{ 0x11, "w", "W" },
	{ 0x12, "e", "E" },
	{ 0x13, "r", "R" },
	{ 0x14, "t", "T" },
	{ 0x15, "y", "Y" },
	{ 0x16, "u", "U" },
	{ 0x17, "i", "I" },
	{ 0x18, "o", "O" },
	{ 0x19, "p", "P" },
	{ 0x1a, "[", "{" },
	{ 0x1b, "]", "}" },
	{ 0x1c, "\r", "\r" },
	{ 0x1e, "a", "A" },
	{ 0x1f, "s", "S" },
	{ 0x20, "d", "D" },
	{ 0x21, "f", "F" },
	{ 0x22, "g", "G" },
	{ 0x23, "h", "H" },
	{ 0x24, "j", "J" },
	{ 0x25, "k", "K" },
	{ 0x26, "l", "L" },
	{ 0x27, ";", ":" },
	{ 0x28, "'", "\"" },
	{ 0x29, "`", "~" },
	{ 0x2b, "\\", "|" },
	{ 0x2c, "z", "Z" },
	{ 0x2d, "x", "X" },
	{ 0x2e, "c", "C" },
	{ 0x2f, "v", "V" },
	{ 0x30, "b", "B" },
	{ 0x31, "n", "N" },
	{ 0x32, "m", "M" },
	{ 0x33, ",", "<" },
	{ 0x34, ".", ">" },
	{ 0x35, "/", "?" },
	{ 0x37, "*", "*" },
	{ 0x39, " ", " " },
	{ 0x3b, "\x1bOP", "\x1bOP" },
	{ 0x3c, "\x1bOQ", "\x1bOQ" },
	{ 0x3d, "\x1bOR", "\x1bOR" },
	{ 0x3e, "\x1bOS", "\x1bOS" },
	{ 0x3f, "\x1b[15~", "\x1b[15~" },
	{ 0x40, "\x1b[17~", "\x1b[17~" },
	{ 0x41, "\x1b[18~", "\x1b[18~" },
	{ 0x42, "\x1b[19~", "\x1b[19~" },
	{ 0x43, "\x1b[20~", "\x1b[20~" },
	{ 0x44, "\x1b[21~", "\x1b[21~" },
	{ 0x47, "7", "7" },
	{ 0x48, "8", "8" },
	{ 0x49, "9", "9" },
	{ 0x4a, "-", "-" },
	{ 0x4b, "4", "4" },
	{ 0x4c, "5", "5" },
	{ 0x4d, "6", "6" },
	{ 0x4e, "+", "+" },
	{ 0x4f, "1", "1" },
	{ 0x50, "2", "2" },
	{ 0x51, "3", "3" },
	{ 0x52, "0", "0" },
	{ 0x53, ".", "." },
	{ 0x57, "\x1b[23~", "\x1b[23~" },
	{ 0x58, "\x1b[24~", "\x1b[24~" },
};

/* Every key of the table, and that no other one types anything. */
static void test_keys(void **state)
{
	(void)state;
	for (u32 code = 1; code < 0x80; code++) {
		char once[3] = { (char)code, (char)(code | 0x80), 0 };
		char shifted[5] = { 0x2a, (char)code, (char)(code | 0x80),
				    (char)0xaa, 0 };
		const char *plain = "";
		const char *other = "";

		for (u32 i = 0; i < ARRAY_SIZE(rows); i++) {
			if (rows[i].code == code) {
				plain = rows[i].plain;
				other = rows[i].shifted;
			}
		}
		fresh();
		assert_string_equal(type(once), plain);
		fresh();
		assert_string_equal(type(shifted), other);
		/* The other shift key, released before the key. */
		shifted[0] = 0x36;
		shifted[2] = (char)0xb6;
		shifted[3] = (char)(code | 0x80);
		fresh();
		assert_string_equal(type(shifted), other);
	}
}

struct strokes {
	const char *codes;
	const char *want;
};

static const struct strokes strokes[] = {
	/* Both shifts: one of them is enough. */
	{ "\x2a\x36\x1e\xaa\x1e\xb6\x1e", "AAa" },
	/* Caps Lock is for letters; with it, shift makes small ones. */
	{ "\x3a\xba\x1e\x02\x2a\x1e\x02\xaa\x3a\xba\x1e", "A1a!a" },
	/* Held, a key repeats its code. */
	{ "\x3a\x3a\x3a\x3a\xba\x1e\x1e", "AA" },
	/* Control. */
	{ "\x1d\x2e\x9d\x2e", "\x03"
			      "c" },
	{ "\xe0\x1d\x20\xe0\x9d\x20", "\x04"
				      "d" },
	{ "\x1d\x2a\x2e", "\x03" },
	{ "\x1d\x1a\x2b\x1b\x07\x0c\x35", "\x1b\x1c\x1d\x1e\x1f\x1f" },
	{ "\x1d\x0e\x1c\x0f\x02\x04", "\x08\r\t13" },
	{ "\x3a\x1d\x2e", "\x03" },
	/* Alt puts an escape before. */
	{ "\x38\x30\xb8\x30", "\x1b"
			      "bb" },
	{ "\xe0\x38\x30\xe0\xb8\x30", "\x1b"
				      "bb" },
	{ "\x38\x3f", "\x1b\x1b[15~" },
	/* The keys between, with the fake shifts that surround them. */
	{ "\xe0\x48\xe0\xc8\xe0\x50\xe0\x4d\xe0\x4b",
	  "\x1b[A\x1b[B\x1b[C\x1b[D" },
	{ "\xe0\x2a\xe0\x47\xe0\xc7\xe0\xaa\xe0\x4f\x1e", "\x1b[H\x1b[Fa" },
	{ "\x2a\xe0\xaa\xe0\x49\xe0\xc9\xe0\x2a\x1e", "\x1b[5~A" },
	{ "\xe0\x51\xe0\x52\xe0\x53", "\x1b[6~\x1b[2~\x1b[3~" },
	{ "\xe0\x1c\xe0\x35", "\r/" },
	{ "\xe0\x5b\xe0\xdb\xe0\x5d\xe0\x37\xe0\x1e\x1e", "a" },
	/* Num Lock, which begins lit. */
	{ "\x45\xc5\x47\x4b\x4c\x53\x4e\x45\xc5\x47", "\x1b[H\x1b[D\x1b[3~+7" },
	/* Pause looks like Control and Num Lock, and is neither. */
	{ "\xe1\x1d\x45\xe1\x9d\xc5\x1e\x47", "a7" },
	/* Answers of the keyboard, errors. */
	{ "\xfa\xfe\xff\xee\x1e", "a" },
};

static void test_strokes(void **state)
{
	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(strokes); i++) {
		fresh();
		if (strcmp(type(strokes[i].codes), strokes[i].want) != 0) {
			fresh();
			fail_msg("row %u: '%s'", i, type(strokes[i].codes));
		}
	}
}

/* Control and space, or 2, are a byte that strings cannot hold. */
static void test_nul(void **state)
{
	u8 out[KEYMAP_OUT_MAX] = { 1 };

	(void)state;
	fresh();
	assert_string_equal(type("\x1d"), "");
	assert_int_equal(keymap_feed(&keys, 0x39, out), 1);
	assert_int_equal(out[0], 0);
	out[0] = 1;
	assert_int_equal(keymap_feed(&keys, 0x03, out), 1);
	assert_int_equal(out[0], 0);
	assert_int_equal(keymap_feed(&keys, 0x00, out), 0);
}

/* Any codes: in bounds, and after releasing everything at rest again. */
static void test_noise(void **state)
{
	static const u8 releases[] = { 0xaa, 0xb6, 0x9d, 0xb8, 0xe0,
				       0x9d, 0xe0, 0xb8, 0x80 };
	u64 seed = 6;

	(void)state;
	fresh();
	for (u32 i = 0; i < 200000; i++) {
		/* Exactly as long as it may be: the sanitizer watches. */
		u8 *out = malloc(KEYMAP_OUT_MAX);

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		assert_true(keymap_feed(&keys, (u8)(seed >> 33), out) <=
			    KEYMAP_OUT_MAX);
		free(out);
	}
	for (u32 i = 0; i < 3 * sizeof(releases); i++) {
		u8 out[KEYMAP_OUT_MAX];

		keymap_feed(&keys, releases[i % sizeof(releases)], out);
	}
	keys.caps_lock = false;
	assert_string_equal(type("\x1e"), "a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_strokes),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
