// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hv/lib/term*.c: what bytes look like on a small screen, then noise. A
 * second copy of the screen lives on what was drawn alone; it must always
 * equal the terminal's cells.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hv/lib/term.h"

#define ROWS 4
#define COLS 10

static struct term term;
static u16 cells[ROWS * COLS];
static u16 drawn[ROWS * COLS];
static u32 draws;
static u32 cursor_row, cursor_col;
static bool cursor_shown;

static void draw(void *ctx, u32 row, u32 col, u16 cell)
{
	assert_ptr_equal(ctx, &drawn);
	assert_true(row < ROWS && col < COLS);
	drawn[row * COLS + col] = cell;
	draws++;
}

static void cursor(void *ctx, u32 row, u32 col, u16 cell, bool shown)
{
	assert_ptr_equal(ctx, &drawn);
	assert_true(row < ROWS && col < COLS);
	assert_int_equal(cell, cells[row * COLS + col]);
	cursor_row = row;
	cursor_col = col;
	cursor_shown = shown;
}

static const struct term_ops ops = { draw, cursor };

static void fresh(void)
{
	memset(cells, 0xa5, sizeof(cells));
	term_init(&term, ROWS, COLS, cells, &ops, &drawn);
	term_redraw(&term);
	draws = 0;
}

static void check(void)
{
	assert_memory_equal(cells, drawn, sizeof(cells));
	assert_true(term.row < ROWS && term.col < COLS);
	assert_true(term.program.top < term.program.bottom);
	assert_true(term.program.bottom <= ROWS);
	assert_int_equal(cursor_row, term.row);
	assert_int_equal(cursor_col, term.col);
}

static void put(const char *text)
{
	term_write(&term, text, strlen(text));
	check();
}

static void put_own(const char *text)
{
	term_write_own(&term, text, strlen(text));
	check();
}

/* The rows, without blanks at their ends, joined by "|". */
static const char *screen(void)
{
	static char text[ROWS * (COLS + 1) + 1];
	char *at = text;

	for (u32 row = 0; row < ROWS; row++) {
		u32 len = COLS;

		while (len > 0 && (u8)cells[row * COLS + len - 1] == ' ') {
			len--;
		}
		for (u32 col = 0; col < len; col++) {
			*at++ = (char)cells[row * COLS + col];
		}
		*at++ = '|';
	}
	at[-1] = '\0';
	return text;
}

struct row {
	const char *bytes;
	const char *want;
	u32 row, col; /* of the cursor */
};

static const struct row rows[] = {
	{ "", "|||", 0, 0 },
	{ "abc", "abc|||", 0, 3 },
	{ "abc\r\ndef", "abc|def||", 1, 3 },
	{ "abc\ndef", "abc|def||", 1, 3 },
	{ "abc\rd", "dbc|||", 0, 1 },
	{ "abc\b\bx", "axc|||", 0, 2 },
	{ "\b\bx", "x|||", 0, 1 },
	{ "a\tb", "a       b|||", 0, 9 },
	{ "a\t\t\tb", "a        b|||", 0, 9 },
	{ "a\x01\x07\x7f\x1f"
	  "b",
	  "ab|||", 0, 2 },
	/* The new line after the last column waits. */
	{ "0123456789", "0123456789|||", 0, 9 },
	{ "0123456789a", "0123456789|a||", 1, 1 },
	{ "0123456789\r\na", "0123456789|a||", 1, 1 },
	{ "0123456789\ra", "a123456789|||", 0, 1 },
	{ "0123456789\ba", "01234567a9|||", 0, 9 },
	{ "0123456789a\b", "0123456789|a||", 1, 0 },
	/* Scrolling. */
	{ "1\r\n2\r\n3\r\n4\r\n", "2|3|4|", 3, 0 },
	{ "1\r\n2\r\n3\r\n4\r\n5\r\n6", "3|4|5|6", 3, 1 },
	{ "1\n2\n3\n4\r\x1b[A\x1b[A\x1b[A\x1bM0", "0|1|2|3", 0, 1 },
	{ "1\n2\x1bM0", "10|2||", 0, 2 },
	{ "1\x1b"
	  "D2\x1b"
	  "E3",
	  "1| 2|3|", 2, 1 },
	/* Positions, also beyond the edges. */
	{ "\x1b[2;3Hx", "|  x||", 1, 3 },
	{ "\x1b[2fx", "|x||", 1, 1 },
	{ "x\x1b[Hy", "y|||", 0, 1 },
	{ "\x1b[0;0Hx", "x|||", 0, 1 },
	{ "\x1b[99;99Hx", "|||         x", 3, 9 },
	{ "\x1b[99999999999;1Hx", "|||x", 3, 1 },
	{ "\x1b[3;5H\x1b[Aa\x1b[2Db\x1b[Bc\x1b[Cd", "|   ba|    c d|", 2, 7 },
	{ "\x1b[9A\x1b[9Dx\x1b[9B\x1b[9Cy", "x|||         y", 3, 9 },
	{ "\x1b[2;2H\x1b[Ea\x1b[2Fb", "b||a|", 0, 1 },
	{ "\x1b[5Ga\x1b[3db", "    a||     b|", 2, 6 },
	/* Erasing. */
	{ "abcdef\x1b[3D\x1b[K", "abc|||", 0, 3 },
	{ "abcdef\x1b[3D\x1b[1K", "    ef|||", 0, 3 },
	{ "abcdef\x1b[3D\x1b[2K", "|||", 0, 3 },
	{ "aa\nbb\ncc\x1b[2;2H\x1b[J", "aa|b||", 1, 1 },
	{ "aa\nbb\ncc\x1b[2;1H\x1b[1J", "| b|cc|", 1, 0 },
	{ "aa\nbb\ncc\x1b[2J", "|||", 2, 2 },
	{ "abcdef\x1b[2G\x1b[2X", "a  def|||", 0, 1 },
	{ "abcdef\x1b[2G\x1b[99X", "a|||", 0, 1 },
	/* Inserting and deleting. */
	{ "abcdef\x1b[2G\x1b[2P", "adef|||", 0, 1 },
	{ "abcdef\x1b[2G\x1b[99P", "a|||", 0, 1 },
	{ "abcdef\x1b[2G\x1b[2@", "a  bcdef|||", 0, 1 },
	{ "0123456789\x1b[2G\x1b[2@", "0  1234567|||", 0, 1 },
	{ "0123456789\x1b[2G\x1b[99@", "0|||", 0, 1 },
	{ "1\n2\n3\n4\x1b[2H\x1b[L", "1||2|3", 1, 0 },
	{ "1\n2\n3\n4\x1b[2H\x1b[2M", "1|4||", 1, 0 },
	{ "1\n2\n3\n4\x1b[2H\x1b[99M", "1|||", 1, 0 },
	{ "1\n2\n3\n4\x1b[S", "2|3|4|", 3, 1 },
	{ "1\n2\n3\n4\x1b[2T", "||1|2", 3, 1 },
	/* The scroll region. */
	{ "1\n2\n3\n4\x1b[2;3r\x1b[3H\nx", "1|3|x|4", 2, 1 },
	{ "1\n2\n3\n4\x1b[2;3r\x1b[2H\x1bMx", "1|x|2|4", 1, 1 },
	{ "1\n2\n3\n4\x1b[2;3r\x1b[4H\n\nx", "1|2|3|x", 3, 1 },
	{ "1\n2\n3\n4\x1b[2;3r\x1b[4H\x1b[L", "1|2|3|4", 3, 0 },
	{ "1\n2\n3\n4\x1b[3;2r\nx", "2|3|4|x", 3, 1 },
	{ "1\n2\n3\n4\x1b[2;3r\x1b[r\x1b[4H\nx", "2|3|4|x", 3, 1 },
	{ "\x1b[1;99rx", "x|||", 0, 1 },
	/* Saving the place. */
	{ "ab\x1b"
	  "7\x1b[3;3Hx\x1b"
	  "8c",
	  "abc||  x|", 0, 3 },
	{ "ab\x1b[s\x1b[3;3Hx\x1b[uc", "abc||  x|", 0, 3 },
	{ "ab\x1b"
	  "8c",
	  "cb|||", 0, 1 },
	{ "abc\x1b"
	  "cd",
	  "d|||", 0, 1 },
	/* What nobody understands is swallowed whole. */
	{ "a\x1b[?1049h\x1b[>c\x1b[!p\x1b[4 q\x1b[6nb", "ab|||", 0, 2 },
	{ "a\x1b(B\x1b)0\x1b#8\x1b=\x1b>b", "ab|||", 0, 2 },
	{ "a\x1b]0;title\ab", "ab|||", 0, 2 },
	{ "a\x1b]0;title\x1b\\b", "ab|||", 0, 2 },
	{ "a\x1bPq\x1b[2;2Hb", "a| b||", 1, 2 },
	{ "a\x1b[3\x18"
	  "b\x1b\x1a"
	  "c",
	  "abc|||", 0, 3 },
	{ "a\x1b[2\n;3Hb", "a|  b||", 1, 3 },
	{ "a\x1b\x1b[Cb", "a b|||", 0, 3 },
	/* UTF-8: one block for a character, also for a broken one. */
	{ "a\xc3\xa4"
	  "b",
	  "a\xfe"
	  "b|||",
	  0, 3 },
	{ "\xe2\x82\xac\xf0\x9f\x98\x80x",
	  "\xfe\xfe"
	  "x|||",
	  0, 3 },
	{ "\xc3x\x80y",
	  "\xfex\xfe"
	  "y|||",
	  0, 4 },
};

static void test_table(void **state)
{
	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(rows); i++) {
		fresh();
		put(rows[i].bytes);
		if (strcmp(screen(), rows[i].want) != 0 ||
		    term.row != rows[i].row || term.col != rows[i].col) {
			fail_msg("row %u: '%s' at %u, %u", i, screen(),
				 term.row, term.col);
		}
	}
}

/* However the bytes arrive, the screen is the same. */
static void test_byte_by_byte(void **state)
{
	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(rows); i++) {
		fresh();
		for (const char *p = rows[i].bytes; *p; p++) {
			term_write(&term, p, 1);
			check();
		}
		assert_string_equal(screen(), rows[i].want);
	}
}

/* The attribute of an x behind @sequence. */
static u32 colours(const char *sequence)
{
	fresh();
	put(sequence);
	put("x");
	return cells[term.row * COLS + term.col - 1] >> 8;
}

static void test_colours(void **state)
{
	(void)state;
	assert_int_equal(colours(""), 0x07);
	assert_int_equal(colours("\x1b[1m"), 0x0f);
	assert_int_equal(colours("\x1b[31m"), 0x04);
	assert_int_equal(colours("\x1b[34;1m"), 0x09);
	assert_int_equal(colours("\x1b[33;44m"), 0x16);
	assert_int_equal(colours("\x1b[96;106m"), 0x3b);
	assert_int_equal(colours("\x1b[7m"), 0x70);
	assert_int_equal(colours("\x1b[31;47;1;7m"), 0x47);
	assert_int_equal(colours("\x1b[7;27m"), 0x07);
	assert_int_equal(colours("\x1b[1;22m"), 0x07);
	assert_int_equal(colours("\x1b[31;41;39;49m"), 0x07);
	assert_int_equal(colours("\x1b[31;41;7;1m\x1b[m"), 0x07);
	assert_int_equal(colours("\x1b[31;0m"), 0x07);
	assert_int_equal(colours("\x1b[38;5;9;48;5;2m"), 0x2c);
	assert_int_equal(colours("\x1b[38;5;200;32m"), 0x02);
	assert_int_equal(colours("\x1b[38;2;31;41;7;32m"), 0x02);
	assert_int_equal(colours("\x1b[38m"), 0x07);
	assert_int_equal(colours("\x1b[;;;;;;;;;;;;;;;;;;;;;;;;31m"), 0x07);
	assert_int_equal(colours("\x1b[31m\x1b"
				 "7\x1b[32m\x1b"
				 "8"),
			 0x04);
	/* What is erased takes the background along, as xterm does it. */
	fresh();
	put("\x1b[44m\x1b[K");
	assert_int_equal(cells[COLS - 1], 0x1700 | ' ');
}

static void test_cursor_shown(void **state)
{
	(void)state;
	fresh();
	put("a");
	assert_true(cursor_shown);
	put("\x1b[?25l");
	assert_false(cursor_shown);
	put("b\x1b[?12h\x1b[25h");
	assert_false(cursor_shown);
	put("\x1b[?12;25h");
	assert_true(cursor_shown);
}

/* Scrolling draws what changes: two cells a line here, and the cursor. */
static void test_scroll_is_cheap(void **state)
{
	(void)state;
	fresh();
	put("same1\nsame2\nsame3\nsame4");
	draws = 0;
	put("\n");
	assert_in_range(draws, 8, 10);
}

/* The owner's line is whole and readable; the program does not notice. */
static void test_own(void **state)
{
	static const char *const mess[] = {
		"\x1b[8m\x1b[30;40m",
		"\x1b[31",
		"\x1b]0;",
		"\x1b",

		"\x1b(",
		"\x1bPx",
		"\x1b[1;2r",
	};

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(mess); i++) {
		struct term_program before;

		fresh();
		put(mess[i]);
		before = term.program;
		put_own("own\r\n");
		assert_int_equal(cells[0], 0x0f00 | 'o');
		assert_string_equal(screen(), "own|||");
		assert_memory_equal(&before, &term.program, sizeof(before));
	}
	fresh();
	put("\x1b[3");
	put_own("own");
	put("1mx");
	assert_int_equal(cells[3], 0x0400 | 'x');
}

static void test_pin(void **state)
{
	(void)state;
	fresh();
	put("1\n2\n\x1b[2;3r\x1b[3H\x1b[30;40mguest\x1b[?");
	term_pin(&term, "...");
	put_own("panic");
	assert_string_equal(screen(), "1|2|guest|panic");
	assert_int_equal(cells[3 * COLS], 0x4f00 | 'p');
	assert_false(cursor_shown);
	put("\n\n\n\x1b[2Jguest");
	assert_string_equal(screen(), "1|2|guest|panic");
	/* A long line is wrapped, not cut; what came before scrolls away. */
	put_own("\r\n0123456789abc\r\n");
	assert_string_equal(screen(), "panic|0123456789|abc|");
	put_own("last\r\n");
	assert_string_equal(screen(), "panic|0123456789|abc|last");
	put_own("no room\r\nat all");
	assert_string_equal(screen(), "panic|0123456789|abc|last   ...");
	/* Once is enough. */
	term_pin(&term, "...");
	put_own("x");
	assert_string_equal(screen(), "panic|0123456789|abc|last   ...");
}

/* Somebody has read them and goes on: nothing is written over anything. */
static void test_unpin(void **state)
{
	(void)state;
	fresh();
	term_unpin(&term);
	put("1\n2\n\x1b[31m");
	term_pin(&term, "what is more");
	put_own("crash\r\na\r\nb\r\nc\r\nd\r\n");
	assert_string_equal(screen(), "crash|a|b|what is mo");
	term_unpin(&term);
	assert_true(cursor_shown);
	put_own("answer\r\n");
	assert_string_equal(screen(), "b|what is mo|answer|");
	put("guest");
	assert_string_equal(screen(), "b|what is mo|answer|guest");
	assert_int_equal(cells[3 * COLS], 0x0700 | 'g');
	/* And again; here there was room. */
	term_pin(&term, "...");
	put_own("once more");
	term_unpin(&term);
	put("x");
	assert_string_equal(screen(), "answer|guest|once more|x");
}

static void test_pin_wraps_out(void **state)
{
	(void)state;
	fresh();
	put("1\n2\n");
	term_pin(&term, "...");
	put_own("0123456789012345678901234567890123456789");
	assert_string_equal(screen(),
			    "0123456789|0123456789|0123456789|0123456789");
	put_own("x");
	assert_string_equal(screen(),
			    "0123456789|0123456789|0123456789|0123456...");
}

/* Behind a full line, and on an empty screen. */
static void test_pin_place(void **state)
{
	(void)state;
	fresh();
	put("0123456789");
	term_pin(&term, "...");
	put_own("x");
	assert_string_equal(screen(), "0123456789|x||");
	fresh();
	term_pin(&term, "...");
	put_own("x");
	assert_string_equal(screen(), "x|||");
}

/* Noise that looks like sequences: check() holds after every byte. */
static void test_noise(void **state)
{
	static const char likely_bytes[] =
		"\x1b\x1b\x1b[[[[;;??0123456789ABCDEFGHJKLMPSTXdfmrsu@\n\r\b\t"
		"\x18\x9b\xc3\xa4]^PM78c";
	u64 seed = 5;

	(void)state;
	fresh();
	for (u32 i = 0; i < 400000; i++) {
		char c;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		c = (seed >> 40) % 8 == 0
			    ? (char)(seed >> 50)
			    : likely_bytes[(seed >> 33) % sizeof(likely_bytes)];
		if (i % 1000 == 999) {
			term_write_own(&term, &c, 1);
		} else {
			term_write(&term, &c, 1);
		}
		check();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_byte_by_byte),
		cmocka_unit_test(test_colours),
		cmocka_unit_test(test_cursor_shown),
		cmocka_unit_test(test_scroll_is_cheap),
		cmocka_unit_test(test_own),
		cmocka_unit_test(test_pin),
		cmocka_unit_test(test_unpin),
		cmocka_unit_test(test_pin_wraps_out),
		cmocka_unit_test(test_pin_place),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
