/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a Linux kernel's log: straight, around the corner, broken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "hv/report/printk.h"

#define BUFFER	  0xc1200000u
#define SIZE	  0x400u
#define MAX	  4u
#define MUTATIONS 100000u

static u8 memory[SIZE];
static struct printk_log log_;
static u32 rng = 1;

static u32 rnd(u32 n)
{
	rng = rng * 1664525u + 1013904223u;
	return (rng >> 8) % n;
}

static int read_memory(void *ctx, u32 at, void *dst, u32 len)
{
	(void)ctx;
	at -= BUFFER;
	if (at > SIZE || len > SIZE - at) {
		return -1;
	}
	memcpy(dst, memory + at, len);
	return 0;
}

static const struct reader reader = { .read = read_memory };

static void put(u32 at, const void *bytes, u32 len)
{
	memcpy(memory + at, bytes, len);
}

/* A record as the kernel writes it; the next one's place. */
static u32 add(u32 at, u64 ns, const char *text)
{
	u16 text_len = (u16)strlen(text);
	u16 len = (u16)((16u + text_len + 3u) & ~3u);

	put(at, &ns, 8);
	put(at + 8, &len, 2);
	put(at + 10, &text_len, 2);
	put(at + 16, text, text_len);
	return at + len;
}

static void begin(u32 first)
{
	memset(memory, 0, sizeof(memory));
	log_ = (struct printk_log){ BUFFER, SIZE, first, first, false };
}

static void assert_text(const struct printk_record *r, const char *text)
{
	assert_int_equal(r->len, strlen(text));
	assert_memory_equal(memory + (r->text - BUFFER), text, r->len);
}

static void test_straight(void **state)
{
	struct printk_record r[MAX];

	(void)state;
	begin(0);
	assert_int_equal(printk_tail(&log_, &reader, r, MAX), 0);
	log_.next = add(0, 1234567890123ull, "Linux version 4.4.19");
	log_.next = add(log_.next, 2000000000000ull, "two");
	assert_int_equal(printk_tail(&log_, &reader, r, MAX), 2);
	assert_text(&r[0], "Linux version 4.4.19");
	assert_int_equal(r[0].seconds, 1234);
	assert_int_equal(r[0].microseconds, 567890);
	assert_text(&r[1], "two");
	assert_int_equal(r[1].microseconds, 0);
	for (u32 i = 0; i < 7; i++) {
		log_.next = add(log_.next, i, i < 6 ? "more" : "last");
	}
	assert_int_equal(printk_tail(&log_, &reader, r, MAX), MAX);
	assert_text(&r[0], "more");
	assert_text(&r[3], "last");
}

/* A record that does not fit begins again at 0, behind a mark. */
static void test_around(void **state)
{
	struct printk_record r[MAX];

	(void)state;
	begin(SIZE - 0x40);
	add(SIZE - 0x40, 1, "before the corner");
	log_.next = add(0, 2, "behind it");
	assert_int_equal(printk_tail(&log_, &reader, r, MAX), 2);
	assert_text(&r[0], "before the corner");
	assert_text(&r[1], "behind it");
}

/* Without the indices: from the buffer's beginning as far as time rises. */
static void test_open(void **state)
{
	struct printk_record r[MAX];
	u32 at;

	(void)state;
	begin(0);
	log_.is_open = true;
	assert_int_equal(printk_tail(&log_, &reader, r, MAX), 0);
	at = add(add(0, 50, "new"), 60, "newest");
	assert_int_equal(printk_tail(&log_, &reader, r, MAX), 2);
	add(at, 40, "oldest");
	assert_int_equal(printk_tail(&log_, &reader, r, MAX), 2);
	assert_text(&r[1], "newest");
}

static void test_broken(void **state)
{
	struct printk_record r[MAX];
	u16 big = 0xffff;

	(void)state;
	begin(0);
	log_.next = add(add(0, 1, "good"), 2, "bad");
	put(20 + 10, &big, 2);
	assert_int_equal(printk_tail(&log_, &reader, r, MAX), 1);
	log_.first = 0xfffffff8;
	assert_int_equal(printk_tail(&log_, &reader, r, MAX), 0);
	begin(0);
	log_.next = 0x80; /* marks alone */
	assert_int_equal(printk_tail(&log_, &reader, r, MAX), 0);
	log_.size = ~0u;
	assert_int_equal(printk_tail(&log_, &reader, r, MAX), 0);
}

static void test_mutations(void **state)
{
	struct printk_record r[MAX];

	(void)state;
	for (u32 n = 0; n < MUTATIONS; n++) {
		u32 at = 0, count;

		begin(0);
		while (at < SIZE - 0x40) {
			at = add(at, rnd(1000), "some text of the kernel");
		}
		log_.next = rnd(8) ? at : rnd(SIZE);
		for (u32 i = rnd(4); i > 0; i--) {
			memory[rnd(SIZE)] = (u8)rnd(64);
		}
		/* A loop that never ends would take the test's time. */
		count = printk_tail(&log_, &reader, r, MAX);
		for (u32 i = 0; i < count; i++) {
			assert_true(r[i].text - BUFFER <= SIZE);
			assert_true(r[i].len <= SIZE - (r[i].text - BUFFER));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_straight),  cmocka_unit_test(test_around),
		cmocka_unit_test(test_open),	  cmocka_unit_test(test_broken),
		cmocka_unit_test(test_mutations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
