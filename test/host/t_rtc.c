/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arch/x86/rtc.c: every form of the time, a clock in the middle of an
 * update, one that never gets out of it, and none; the arithmetic of dates
 * against the C library of the build machine.
 */
#define _DEFAULT_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "arch/x86/rtc.h"

#define A     0x0a
#define B     0x0b
#define CENT  0x32
#define B_24  0x02
#define B_BIN 0x04
#define UIP   0x80
#define PM    0x80

static u8 regs[128];
static u32 reads;
static u32 updating_for; /* this many reads of register A say so */
static u8 torn_second;	 /* what the first reading shows instead */
static bool runs_wild;

static u8 fake(u8 index)
{
	assert_in_range(index, 0, 127);
	assert_true(reads++ < 2000000);
	if (index == A) {
		if (updating_for) {
			updating_for--;
			return regs[A] | UIP;
		}
		return regs[A] & (u8)~UIP;
	}
	if (index == 0 && torn_second) {
		u8 torn = torn_second;

		torn_second = 0;
		return torn;
	}
	if (index == 0 && runs_wild) {
		return (u8)(reads & 0x1f);
	}
	return regs[index];
}

static u8 bcd(u32 v)
{
	return (u8)(v / 10 << 4 | v % 10);
}

/* Set the fake to a time in the form that register B = @b stands for. */
static void set_clock(u32 year, u32 month, u32 day, u32 hour, u32 minute,
		      u32 second, u8 b)
{
	u8 pm = 0;

	if (!(b & B_24)) {
		pm = hour >= 12 ? PM : 0;
		hour = hour % 12 ? hour % 12 : 12;
	}
	memset(regs, 0, sizeof(regs));
	regs[0] = b & B_BIN ? (u8)second : bcd(second);
	regs[2] = b & B_BIN ? (u8)minute : bcd(minute);
	regs[4] = (u8)((b & B_BIN ? hour : bcd(hour)) | pm);
	regs[7] = b & B_BIN ? (u8)day : bcd(day);
	regs[8] = b & B_BIN ? (u8)month : bcd(month);
	regs[9] = b & B_BIN ? (u8)(year % 100) : bcd(year % 100);
	regs[CENT] = b & B_BIN ? (u8)(year / 100) : bcd(year / 100);
	regs[B] = b;
	reads = updating_for = torn_second = 0;
	runs_wild = false;
}

static void check(u32 year, u32 month, u32 day, u32 hour, u32 minute,
		  u32 second, u8 century)
{
	struct rtc_time t;

	memset(&t, 0xa5, sizeof(t));
	assert_null(rtc_read(fake, century, &t));
	assert_int_equal(t.year, year);
	assert_int_equal(t.month, month);
	assert_int_equal(t.day, day);
	assert_int_equal(t.hour, hour);
	assert_int_equal(t.minute, minute);
	assert_int_equal(t.second, second);
}

static const u8 forms[] = { 0, B_24, B_BIN, B_24 | B_BIN };

static void test_forms(void **state)
{
	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(forms); i++) {
		for (u32 hour = 0; hour < 24; hour++) {
			set_clock(2009, 7, 23, hour, 34, 56, forms[i]);
			check(2009, 7, 23, hour, 34, 56, CENT);
		}
		set_clock(1999, 12, 31, 23, 59, 59, forms[i]);
		check(1999, 12, 31, 23, 59, 59, CENT);
		set_clock(2000, 2, 29, 0, 0, 0, forms[i]);
		check(2000, 2, 29, 0, 0, 0, CENT);
	}
}

static void test_century(void **state)
{
	(void)state;
	set_clock(2069, 1, 1, 0, 0, 0, B_24);
	check(2069, 1, 1, 0, 0, 0, 0);
	set_clock(2070, 1, 1, 0, 0, 0, B_24);
	check(1970, 1, 1, 0, 0, 0, 0);
	check(2070, 1, 1, 0, 0, 0, CENT);
	/* Rubbish where a century should be. */
	set_clock(2009, 1, 1, 0, 0, 0, B_24);
	for (u32 i = 0; i < 256; i++) {
		if (i != 0x19 && i != 0x21) {
			regs[CENT] = (u8)i;
			check(2009, 1, 1, 0, 0, 0, CENT);
		}
	}
}

static void test_update(void **state)
{
	struct rtc_time t;

	(void)state;
	set_clock(2009, 7, 23, 12, 34, 56, B_24);
	updating_for = 20000;
	check(2009, 7, 23, 12, 34, 56, CENT);
	/* An update in the middle of the first reading. */
	torn_second = 0x55;
	check(2009, 7, 23, 12, 34, 56, CENT);
	updating_for = ~0u;
	assert_string_equal(rtc_read(fake, CENT, &t), "is updated for ever");
	set_clock(2009, 7, 23, 12, 34, 56, B_24);
	runs_wild = true;
	assert_string_equal(rtc_read(fake, CENT, &t),
			    "is never the same twice");
}

static void refuse(u8 index, u8 value)
{
	struct rtc_time t;

	set_clock(2009, 6, 30, 12, 34, 56, B_24);
	regs[index] = value;
	assert_string_equal(rtc_read(fake, 0, &t), "shows no time");
}

static void test_nonsense(void **state)
{
	struct rtc_time t;

	(void)state;
	refuse(0, 0x60);
	refuse(0, 0x0a);
	refuse(0, 0xa0);
	refuse(2, 0x60);
	refuse(4, 0x24);
	refuse(7, 0x31);
	refuse(7, 0x00);
	refuse(8, 0x13);
	refuse(8, 0x00);
	refuse(9, 0xff);
	set_clock(2009, 6, 30, 12, 34, 56, 0);
	regs[4] = 0x00; /* there is no hour 0 of 12 */
	assert_non_null(rtc_read(fake, 0, &t));
	regs[4] = 0x13;
	assert_non_null(rtc_read(fake, 0, &t));
	set_clock(2009, 6, 30, 12, 34, 56, B_24 | B_BIN);
	regs[9] = 100;
	assert_non_null(rtc_read(fake, 0, &t));
	/* No clock at all: a bus that reads all ones, or nothing. */
	memset(regs, 0, sizeof(regs));
	assert_non_null(rtc_read(fake, 0, &t));
	memset(regs, 0xff, sizeof(regs));
	assert_non_null(rtc_read(fake, CENT, &t));
}

/* Whatever the registers hold: an answer, and a legal time or none. */
static void test_random(void **state)
{
	u32 x = 1;

	(void)state;
	for (u32 i = 0; i < 200000; i++) {
		struct rtc_time t;

		set_clock(2009, 7, 23, 12, 34, 56, forms[i % 4]);
		for (u32 n = 0; n <= i % 3; n++) {
			x = x * 1664525 + 1013904223;
			regs[x >> 8 & 0x3f] = (u8)(x >> 24);
		}
		if (!rtc_read(fake, i & 8 ? CENT : 0, &t)) {
			assert_in_range(t.month, 1, 12);
			assert_in_range(t.day, 1, 31);
			assert_true(t.hour < 24 && t.minute < 60);
			assert_true(t.second < 60);
		}
	}
}

static void test_seconds(void **state)
{
	(void)state;
	for (u64 s = 0; s <= UINT32_MAX; s += 43201) {
		time_t when = (time_t)s;
		struct tm tm;
		struct rtc_time t;

		gmtime_r(&when, &tm);
		t = (struct rtc_time){ .year = (u32)tm.tm_year + 1900,
				       .month = (u32)tm.tm_mon + 1,
				       .day = (u32)tm.tm_mday,
				       .hour = (u32)tm.tm_hour,
				       .minute = (u32)tm.tm_min,
				       .second = (u32)tm.tm_sec };
		assert_int_equal(rtc_seconds(&t), s);
		/* Each of these days exists. */
		set_clock(t.year, t.month, t.day, t.hour, t.minute, t.second,
			  B_24);
		if (t.year < 2106) {
			check(t.year, t.month, t.day, t.hour, t.minute,
			      t.second, CENT);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),  cmocka_unit_test(test_century),
		cmocka_unit_test(test_update), cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_random), cmocka_unit_test(test_seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
