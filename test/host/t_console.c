// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hv/lib/console.c: who gets which bytes, in order and in line; last words;
 * and the ring of input against a model.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hv/lib/console.h"

/* A sink that notes what it was told, in the order of telling. */
struct note {
	char text[512];
	u32 len;
};

/* Of bytes typed or read in a row: sometimes more than there is room for. */
#define ROUND_MAX (CONSOLE_INPUT_MAX * 5 / 4)

static struct note plain, fancy, broken;
static struct console_output guest;
static bool breaks;

static void note(struct note *n, const char *bytes, size_t len)
{
	assert_true(n->len + len < sizeof(n->text));
	memcpy(n->text + n->len, bytes, len);
	n->len += (u32)len;
	n->text[n->len] = '\0';
}

static void write_guest(void *ctx, const char *bytes, size_t len)
{
	note(ctx, bytes, len);
}

static void write_own(void *ctx, const char *bytes, size_t len)
{
	note(ctx, "<", 1);
	note(ctx, bytes, len);
	note(ctx, ">", 1);
}

static void pin(void *ctx, const char *more)
{
	note(ctx, "[pin", 4);
	note(ctx, more, strlen(more));
	note(ctx, "]", 1);
}

static void unpin(void *ctx)
{
	note(ctx, "[unpin]", 7);
}

/* A fault in a sink's code: the panic that follows pins once more. */
static void write_broken(void *ctx, const char *bytes, size_t len)
{
	note(ctx, bytes, len);
	if (breaks) {
		console_pin("...");
	}
}

static const struct console_sink plain_sink = { .write = write_guest };
static const struct console_sink fancy_sink = { write_guest, write_own, pin,
						unpin };
static const struct console_sink broken_sink = { .write = write_broken };

static void expect(struct note *n, const char *want)
{
	assert_string_equal(n->text, want);
	n->len = 0;
	n->text[0] = '\0';
}

static void test_nobody(void **state)
{
	(void)state;
	console_write_guest(&guest, "lost", 4);
	console_write_line("lost");
}

static void test_output(void **state)
{
	(void)state;
	assert_true(console_add(&plain_sink, &plain));
	assert_true(console_add(&fancy_sink, &fancy));
	assert_true(console_add(&broken_sink, &broken));
	console_write_line("one");
	expect(&plain, "one\r\n");
	expect(&fancy, "<one><\r\n>");
	console_write_guest(&guest, "a\033[", 3);
	console_write_guest(&guest, "", 0);
	console_write_line("two");
	expect(&plain, "a\033[\r\ntwo\r\n");
	expect(&fancy, "a\033[<\r\n><two><\r\n>");
	console_write_guest(&guest, "line\r\n", 6);
	console_write_line("three");
	expect(&plain, "line\r\nthree\r\n");
	expect(&fancy, "line\r\n<three><\r\n>");
	assert_true(console_add(&plain_sink, &plain));
	assert_false(console_add(&plain_sink, &plain));
	console_write_line("x");
	expect(&plain, "xx\r\n\r\n");
	expect(&fancy, "<x><\r\n>");
}

/* A carriage return does not end a line: what is there is overwritten. */
static void test_carriage_return(void **state)
{
	(void)state;
	console_write_guest(&guest, "50%\r", 4);
	console_write_line("own");
	expect(&fancy, "50%\r<\r\n><own><\r\n>");
	console_write_guest(&guest, "line\n\r", 6);
	console_write_guest(&guest, "\r", 1);
	console_write_line("own");
	expect(&fancy, "line\n\r\r<own><\r\n>");
	plain.len = 0;
}

static char said[] = "said";

static void say(void *ctx)
{
	console_write_line(ctx);
}

/* Somebody waits for the end of a line, in vain or not. */
static void test_line_end(void **state)
{
	(void)state;
	console_at_line_end(say, said);
	expect(&fancy, "<said><\r\n>");
	console_write_guest(&guest, "be", 2);
	console_at_line_end(say, said);
	console_write_guest(&guest, "gun", 3);
	expect(&fancy, "begun");
	console_write_guest(&guest, " and done\nnext", 14);
	expect(&fancy, " and done\n<said><\r\n>next");
	console_at_line_end(say, said);
	console_end_wait();
	console_end_wait();
	expect(&fancy, "<\r\n><said><\r\n>");
	plain.len = 0;
}

/* Neither guest's words come into a line of the other's. */
static void test_two_guests(void **state)
{
	struct console_output other = { 0 };

	(void)state;
	console_write_guest(&guest, "one", 3);
	console_write_guest(&guest, " line", 5);
	console_write_guest(&other, "\r", 1);
	expect(&fancy, "one line<\r\n>\r");
	console_write_guest(&other, "two", 3);
	console_at_line_end(say, said);
	other.is_mute = true;
	console_write_guest(&other, "more", 4);
	expect(&fancy, "two");
	console_write_guest(&guest, "end\n", 4);
	expect(&fancy, "<\r\n>end\n<said><\r\n>");
	console_write_line("own");
	expect(&fancy, "<own><\r\n>");
	plain.len = 0;
	broken.len = 0;
}

static u32 looks;

static void look(void)
{
	looks++;
	if (looks == 3) {
		guest.is_mute = true;
	}
}

/* Much output is interrupted by looks, one of which ends it. */
static void test_look(void **state)
{
	(void)state;
	console_set_look(look);
	for (u32 i = 0; i < 1000; i++) {
		console_write_guest(&guest, "1234567\n", 8);
		expect(&fancy, looks < 3 ? "1234567\n" : "");
		plain.len = broken.len = 0;
	}
	console_set_look(NULL);
	assert_int_equal(looks, 7);
	console_write_line("own");
	expect(&fancy, "<own><\r\n>");
	guest.is_mute = false;
	console_write_guest(&guest, "heard\n", 6);
	expect(&fancy, "heard\n");
	plain.len = 0;
	broken.len = 0;
}

static void test_pin(void **state)
{
	(void)state;
	console_write_guest(&guest, "g", 1);
	expect(&plain, "gg");
	expect(&fancy, "g");
	console_pin("...");
	expect(&plain, "\r\n\r\n");
	expect(&fancy, "<\r\n>[pin...]");
	console_write_guest(&guest, "unseen", 6);
	console_unpin();
	console_unpin();
	console_write_guest(&guest, "seen\n", 5);
	expect(&plain, "seen\nseen\n");
	expect(&fancy, "[unpin]seen\n");
	console_pin("...");
	expect(&fancy, "[pin...]");
	console_write_guest(&guest, "unseen", 6);
	console_write_line("last");
	expect(&plain, "lastlast\r\n\r\n");
	expect(&fancy, "<last><\r\n>");
	/* Trouble between sinks costs none of them. */
	console_pin("...");
	broken.len = 0;
	breaks = true;
	console_write_line("words");
	breaks = false;
	console_write_line("go on");
	expect(&broken, "words");
	expect(&plain, "wordswords\r\n\r\ngo ongo on\r\n\r\n");
	expect(&fancy, "<words><\r\n><go on><\r\n>");
}

static void test_input(void **state)
{
	u32 typed = 0, read = 0, lost = 0;
	u64 seed = 7;
	u8 byte;

	(void)state;
	assert_false(console_read(&byte));
	for (u32 round = 0; round < 60; round++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		for (u32 n = (u32)(seed >> 40) % ROUND_MAX; n > 0; n--) {
			if (typed - read == CONSOLE_INPUT_MAX) {
				lost++;
				console_input(0xee);
			} else {
				console_input((u8)(typed++ * 7));
			}
		}
		for (u32 n = (u32)(seed >> 33) % ROUND_MAX; n > 0; n--) {
			assert_int_equal(console_read(&byte), read < typed);
			if (read < typed) {
				assert_int_equal(byte, (u8)(read++ * 7));
			}
		}
		assert_int_equal(console_input_lost(), lost);
		assert_int_equal(console_input_count(), typed + lost);
	}
	assert_true(lost > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_output),
		cmocka_unit_test(test_carriage_return),
		cmocka_unit_test(test_line_end),
		cmocka_unit_test(test_two_guests),
		cmocka_unit_test(test_look),
		cmocka_unit_test(test_pin),
		cmocka_unit_test(test_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
