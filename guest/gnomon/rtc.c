// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * MC146818: seconds to years in registers 0 to 9, in BCD unless register B
 * says otherwise.
 */
#include "guest/gnomon/pc.h"

#include <stdbool.h>
#include <string.h>

#include "guest/gnomon/clock.h"
#include "guest/lib/port.h"

#define RTC_INDEX	0x70
#define RTC_DATA	0x71
#define RTC_A		0x0a
#define A_UPDATING	0x80
#define RTC_B		0x0b
#define B_BINARY	0x04
#define B_24_HOURS	0x02
#define HOUR_PM		0x80
#define WAIT_TRIES	1000000u
#define SECONDS_PER_DAY 86400u

struct rtc_time {
	uint8_t second, minute, hour, day, month, year;
};

static uint8_t rtc_register(uint8_t n)
{
	out8(RTC_INDEX, n);
	return in8(RTC_DATA);
}

static struct rtc_time read_raw(void)
{
	uint32_t tries = WAIT_TRIES;

	while ((rtc_register(RTC_A) & A_UPDATING) && --tries) {
	}
	return (struct rtc_time){ rtc_register(0), rtc_register(2),
				  rtc_register(4), rtc_register(7),
				  rtc_register(8), rtc_register(9) };
}

static uint8_t number(uint8_t v, bool is_binary)
{
	return is_binary ? v : (uint8_t)((v >> 4) * 10 + (v & 0xf));
}

/* Days from 1970-01-01; years count from March, so that February is last. */
static uint32_t days_since_1970(uint32_t year, uint32_t month, uint32_t day)
{
	uint32_t y = month > 2 ? year : year - 1;
	uint32_t m = (month + 9) % 12;

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day -
	       1 - 719468;
}

uint64_t rtc_read(void)
{
	struct rtc_time t = read_raw(), again = read_raw();
	uint8_t mode = rtc_register(RTC_B);
	bool is_binary = mode & B_BINARY;
	uint32_t hour, seconds;

	/* It may have ticked between two registers. */
	while (memcmp(&t, &again, sizeof(t))) {
		t = again;
		again = read_raw();
	}
	hour = number(t.hour & (uint8_t)~HOUR_PM, is_binary);
	if (!(mode & B_24_HOURS)) {
		hour = hour % 12 + (t.hour & HOUR_PM ? 12 : 0);
	}
	seconds = days_since_1970(2000 + number(t.year, is_binary),
				  number(t.month, is_binary),
				  number(t.day, is_binary)) *
			  SECONDS_PER_DAY +
		  hour * 3600 + number(t.minute, is_binary) * 60u +
		  number(t.second, is_binary);
	return (uint64_t)seconds * NS_PER_SEC;
}
