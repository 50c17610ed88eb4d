/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * MC146818 and its successors. It is read once, so a stopped clock matters
 * only in the middle of an update: the wait for its end is bounded.
 *
 * Rules: MC146818A data sheet, "Time, Calendar and Alarm Locations",
 * "Register A", "Register B", "Update Cycle".
 *
 * Next: arch/x86/clock.c.
 */
#include "arch/x86/rtc.h"

#include <string.h>

#include "arch/x86/cpu.h"

#define RTC_INDEX 0x70 /* bit 7 would mask NMIs */
#define RTC_DATA  0x71

#define REG_SECOND 0x00
#define REG_MINUTE 0x02
#define REG_HOUR   0x04
#define REG_DAY	   0x07
#define REG_MONTH  0x08
#define REG_YEAR   0x09
#define REG_A	   0x0a
#define REG_B	   0x0b

#define A_UPDATING 0x80 /* or about to, within 244 us */
#define B_24_HOURS 0x02
#define B_BINARY   0x04
#define HOUR_PM	   0x80

/* An update lasts 2 ms at most; reading register A takes 15 ns to 2 us. */
#define UPDATE_POLLS 300000u

/* Two readings must be the same; an SMI may come in between. */
#define READ_TRIES 5u

/* Without a century, two digits mean a year from this one on. */
#define PIVOT 1970u

#define DAYS_TO_1970 719468u /* from 1 March of the year 0 */

static const u8 fields[] = { REG_SECOND, REG_MINUTE, REG_HOUR,
			     REG_DAY,	 REG_MONTH,  REG_YEAR };

enum {
	SECOND,
	MINUTE,
	HOUR,
	DAY,
	MONTH,
	YEAR,
	CENTURY,
	FIELDS
};

static bool wait_for_update(u8 (*reg)(u8 index))
{
	for (u32 i = 0; i < UPDATE_POLLS; i++) {
		if (!(reg(REG_A) & A_UPDATING)) {
			return true;
		}
	}
	return false;
}

static void read_fields(u8 (*reg)(u8 index), u8 century, u8 v[FIELDS])
{
	for (u32 i = 0; i < ARRAY_SIZE(fields); i++) {
		v[i] = reg(fields[i]);
	}
	v[CENTURY] = century ? reg(century) : 0;
}

/* A register's value; a number too large for any field if it is no BCD. */
static u32 decode(u8 v, bool is_binary)
{
	if (is_binary) {
		return v;
	}
	return (v & 0xf) > 9 || v >> 4 > 9 ? ~0u : (v >> 4) * 10u + (v & 0xf);
}

static u32 decode_hour(u8 v, u8 b)
{
	u32 hour;

	if (b & B_24_HOURS) {
		return decode(v, b & B_BINARY);
	}
	hour = decode(v & (u8)~HOUR_PM, b & B_BINARY);
	if (hour == 0 || hour > 12) {
		return ~0u;
	}
	return hour % 12 + (v & HOUR_PM ? 12 : 0);
}

/* A century register that shows an implausible century is not used. */
static u32 full_year(u32 year, u32 century)
{
	if (century >= 19 && century <= 21) {
		return century * 100 + year;
	}
	return PIVOT / 100 * 100 + year + (year < PIVOT % 100 ? 100 : 0);
}

static u32 days_in(u32 year, u32 month)
{
	bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (month == 2) {
		return is_leap ? 29 : 28;
	}
	/* Even months have 30 days up to July, odd ones from August. */
	return month % 2 == (month < 8) ? 31 : 30;
}

static bool is_legal(const struct rtc_time *t)
{
	return t->year >= 1970 && t->year <= 2105 && t->month >= 1 &&
	       t->month <= 12 && t->day >= 1 &&
	       t->day <= days_in(t->year, t->month) && t->hour < 24 &&
	       t->minute < 60 && t->second < 60;
}

const char *rtc_read(u8 (*reg)(u8 index), u8 century, struct rtc_time *t)
{
	u8 v[FIELDS], again[FIELDS], b;
	u32 tries = READ_TRIES;

	do {
		if (!wait_for_update(reg)) {
			return "is updated for ever";
		}
		read_fields(reg, century, v);
		read_fields(reg, century, again);
	} while (memcmp(v, again, sizeof(v)) != 0 && --tries);
	if (tries == 0) {
		return "is never the same twice";
	}
	b = reg(REG_B);
	t->second = decode(v[SECOND], b & B_BINARY);
	t->minute = decode(v[MINUTE], b & B_BINARY);
	t->hour = decode_hour(v[HOUR], b);
	t->day = decode(v[DAY], b & B_BINARY);
	t->month = decode(v[MONTH], b & B_BINARY);
	t->year = decode(v[YEAR], b & B_BINARY);
	if (t->year > 99) {
		return "shows no time";
	}
	t->year = full_year(t->year, decode(v[CENTURY], b & B_BINARY));
	return is_legal(t) ? NULL : "shows no time";
}

/* Years begin in March here, so that leap days come last. */
u32 rtc_seconds(const struct rtc_time *t)
{
	u32 year = t->month > 2 ? t->year : t->year - 1;
	u32 month = (t->month + 9) % 12;
	u32 days = year * 365 + year / 4 - year / 100 + year / 400 +
		   (month * 153 + 2) / 5 + t->day - 1 - DAYS_TO_1970;

	return ((days * 24 + t->hour) * 60 + t->minute) * 60 + t->second;
}

u8 rtc_register(u8 index)
{
	outb(RTC_INDEX, index & 0x7f);
	return inb(RTC_DATA);
}
