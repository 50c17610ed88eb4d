/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arch/x86/calibrate.c and muldiv.h: a simulated machine whose clocks keep
 * time, or stand still, jump, crawl, wrap and lie, and whose processor is now
 * and then taken away.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "arch/x86/calibrate.h"
#include "arch/x86/muldiv.h"
#include "hv/lib/log.h"

#define NS_PER_S 1000000000u

/* The machine. Time passes only when something is read. */
static u64 now;		/* ns */
static u64 tsc_hz;	/* 0: stands still */
static u32 read_ns;	/* what reading a source takes */
static u32 stolen_ns;	/* taken away at every so many reads ... */
static u32 stolen_each; /* ... 0: never */
static u32 reads;
static u32 jumped; /* ticks, both ways */

static char said[4096]; /* everything logged */

void log_line(enum log_level level, const char *fmt, ...)
{
	size_t len = strlen(said);
	va_list args;

	(void)level;
	va_start(args, fmt);
	vsnprintf(said + len, sizeof(said) - len, fmt, args);
	va_end(args);
	strncat(said, "\n", sizeof(said) - strlen(said) - 1);
}

enum behaviour {
	GOOD,
	STILL,
	CRAWLS,
	JUMPS,
	STOPS,
	DOUBLE,
	FAST
};

static u64 scaled(u64 ns, u64 hz)
{
	return (u64)((unsigned __int128)ns * hz / NS_PER_S);
}

static u64 read_tsc(void)
{
	now += 5;
	return scaled(now, tsc_hz);
}

static u32 read_source(const struct clock_source *s)
{
	u64 t;

	assert_true(reads++ < 30000000); /* a hang */
	now += read_ns;
	if (stolen_each && reads % stolen_each == 0) {
		now += stolen_ns;
	}
	t = scaled(now, s->hz);
	switch ((enum behaviour)s->where) {
	case STILL:
		t = 12345;
		break;
	case CRAWLS:
		t = reads / 5000;
		break;
	case JUMPS:
		if (reads % 3001 == 0) {
			jumped += reads * 2654435761u % (s->hz / 200);
			jumped -= s->hz / 400;
		}
		t += jumped;
		break;
	case STOPS:
		t = min_u64(t, s->hz / 250);
		break;
	case DOUBLE:
		t *= 2;
		break;
	case FAST:
		t += t / 100;
		break;
	case GOOD:
		break;
	}
	return (u32)t & s->mask;
}

#define SOURCE(n, rate, bits, does)                                   \
	{                                                             \
		.name = n, .read = read_source, .hz = rate,           \
		.mask = (u32)((1ull << (bits)) - 1), .where = (does), \
	}

static const struct clock_source pm = SOURCE("PM", 3579545, 24, GOOD);
static const struct clock_source hpet = SOURCE("HPET", 100000000, 32, GOOD);
static const struct clock_source pit = SOURCE("PIT", 1193182, 16, GOOD);

static void reset_machine(u64 hz, u32 cost)
{
	now = 0x123456789;
	tsc_hz = hz;
	read_ns = cost;
	stolen_each = 0;
	reads = jumped = 0;
	said[0] = '\0';
}

static void assert_close(u64 got, u64 wanted, u32 parts)
{
	u64 off = got > wanted ? got - wanted : wanted - got;

	if (off > wanted / parts) {
		fail_msg("%llu, not %llu\n%s", (unsigned long long)got,
			 (unsigned long long)wanted, said);
	}
}

/* Every rate of a processor, at every cost of a reading. */
static void test_good(void **state)
{
	static const u64 rates[] = { 60000000,	 133333333,  1000000000,
				     2394453000, 4700000000, 6000000000 };
	static const u32 costs[] = { 20, 300, 1000, 5000 };
	const struct clock_source *sources[] = { &pm, &hpet, &pit };

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(rates); i++) {
		for (u32 c = 0; c < ARRAY_SIZE(costs); c++) {
			for (u32 s = 0; s < ARRAY_SIZE(sources); s++) {
				u64 hz = 0;

				reset_machine(rates[i], costs[c]);
				assert_null(
					calibrate(sources[s], read_tsc, &hz));
				assert_close(hz, rates[i], 2000);
			}
		}
	}
}

/* Wherever a narrow counter is when the measurement begins. */
static void test_wrap(void **state)
{
	(void)state;
	for (u32 start = 0; start < 60; start++) {
		u64 hz = 0;

		reset_machine(2000000000, 1000);
		now = start * 1000000ull;
		assert_null(calibrate(&pit, read_tsc, &hz));
		assert_close(hz, tsc_hz, 2000);
		now = 4686000000ull + start * 100000;
		assert_null(calibrate(&pm, read_tsc, &hz));
		assert_close(hz, tsc_hz, 2000);
		now = 42949000000ull + start * 100000;
		assert_null(calibrate(&hpet, read_tsc, &hz));
		assert_close(hz, tsc_hz, 2000);
	}
}

static void check_fault(enum behaviour does, const char *wanted)
{
	struct clock_source bad[] = { pm, hpet, pit };

	for (u32 i = 0; i < ARRAY_SIZE(bad); i++) {
		const char *fault;
		u64 hz;

		bad[i].where = does;
		reset_machine(1000000000, 500);
		fault = calibrate(&bad[i], read_tsc, &hz);
		assert_non_null(fault);
		assert_string_equal(fault, wanted);
	}
}

static void test_faults(void **state)
{
	u64 hz;

	(void)state;
	check_fault(STILL, "stands still");
	check_fault(CRAWLS, "is too slow");
	check_fault(JUMPS, "jumps");
	reset_machine(0, 500);
	assert_string_equal(calibrate(&pm, read_tsc, &hz),
			    "sees the counter standing still");
}

/* One that stops in the middle of the measurement. */
static void test_stops(void **state)
{
	struct clock_source bad = hpet;
	u64 hz;

	(void)state;
	bad.where = STOPS;
	reset_machine(1000000000, 500);
	now = 0;
	assert_string_equal(calibrate(&bad, read_tsc, &hz), "stands still");
}

static struct calibration all(const struct clock_source *a,
			      const struct clock_source *b,
			      const struct clock_source *c)
{
	const struct clock_source *s[] = { a, b, c };

	return calibrate_all(s, c ? 3 : b ? 2 : a ? 1 : 0, read_tsc);
}

static void test_agreement(void **state)
{
	struct calibration c;

	(void)state;
	reset_machine(2394453000, 700);
	c = all(&hpet, &pm, &pit);
	assert_close(c.khz, 2394453, 2000);
	assert_string_equal(c.by[0], "HPET");
	assert_string_equal(c.by[1], "PM");
	assert_null(strstr(said, "PIT")); /* not needed, so not asked */
}

/* Two of three are right, in every order. */
static void check_outvoted(enum behaviour does, const char *complaint)
{
	static const u8 orders[][3] = { { 0, 1, 2 }, { 1, 0, 2 }, { 1, 2, 0 } };

	for (u32 i = 0; i < ARRAY_SIZE(orders); i++) {
		struct clock_source bad = hpet;
		const struct clock_source *s[] = { &bad, &pm, &pit };
		struct calibration c;

		bad.where = does;
		reset_machine(1500000000, 700);
		c = all(s[orders[i][0]], s[orders[i][1]], s[orders[i][2]]);
		assert_close(c.khz, 1500000, 1000);
		assert_non_null(c.by[1]);
		assert_true(i == 2 || strstr(said, complaint));
	}
}

static void test_outvoted(void **state)
{
	(void)state;
	check_outvoted(STILL, "HPET stands still: not used");
	check_outvoted(CRAWLS, "HPET is too slow: not used");
	check_outvoted(JUMPS, "HPET jumps: not used");
	check_outvoted(DOUBLE, "by HPET, which disagrees");
	check_outvoted(FAST, "by HPET, which disagrees");
}

static void test_doubt(void **state)
{
	struct clock_source bad = hpet, worse = pm;
	struct calibration c;

	(void)state;
	bad.where = FAST;
	worse.where = STILL;
	reset_machine(1000000000, 700);
	c = all(&bad, &pm, NULL);
	assert_null(c.by[1]);
	assert_string_equal(c.by[0], "HPET");
	assert_non_null(strstr(said, "by PM, which disagrees"));

	reset_machine(1000000000, 700);
	c = all(&worse, &pit, NULL);
	assert_null(c.by[1]);
	assert_string_equal(c.by[0], "PIT");
	assert_close(c.khz, 1000000, 1000);

	reset_machine(1000000000, 700);
	c = all(&worse, NULL, NULL);
	assert_int_equal(c.khz, 0);
	assert_null(c.by[0]);

	reset_machine(1000000000, 700);
	c = all(NULL, NULL, NULL);
	assert_int_equal(c.khz, 0);

	reset_machine(0, 700);
	c = all(&hpet, &pm, &pit);
	assert_int_equal(c.khz, 0);
}

/*
 * An emulator or a management mode that takes the processor away: sometimes
 * for longer than the PIT needs to wrap.
 */
static void test_stolen(void **state)
{
	static const u32 times[] = { 10000, 1000000, 30000000, 60000000,
				     200000000 };

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(times); i++) {
		for (u32 each = 701; each < 100000; each = each * 3 + 1) {
			struct calibration c;

			reset_machine(2000000000, 900);
			stolen_ns = times[i];
			stolen_each = each;
			c = all(&pm, &hpet, NULL);
			assert_non_null(c.by[1]);
			assert_close(c.khz, 2000000, 1000);
		}
		/* A window in three is spoilt for the PIT. */
		reset_machine(2000000000, 900);
		stolen_ns = times[i];
		stolen_each = 6007;
		assert_non_null(all(&pm, &pit, NULL).by[1]);
	}
}

static u64 random_u64(void)
{
	static u64 x = 1;

	x = x * 6364136223846793005u + 1442695040888963407u;
	return (x ^ x >> 29) >> (x >> 58);
}

static void test_division(void **state)
{
	(void)state;
	assert_true(div_u64(~0ull, 1) == ~0ull);
	assert_true(div_u64(~0ull, ~0u) == ~0ull / ~0u);
	for (u32 i = 0; i < 1000000; i++) {
		u64 n = random_u64();
		u32 d = (u32)random_u64();

		d = d ? d : 1;
		assert_true(div_u64(n, d) == n / d);
	}
}

static void test_ratio(void **state)
{
	(void)state;
	for (u32 i = 0; i < 1000000; i++) {
		u32 to = (u32)random_u64(), from = (u32)random_u64() | 1;
		struct ratio r = ratio_make(to, from);
		u64 x = random_u64();
		unsigned __int128 exact = (unsigned __int128)x * r.mult;

		assert_true(r.shift <= 32);
		assert_true((u64)(exact >> r.shift) == ratio_apply(r, x));
		/* Rounded down, by less than one unit of the last bit. */
		assert_true((unsigned __int128)r.mult * from <=
			    (unsigned __int128)to << r.shift);
		assert_true(((unsigned __int128)r.mult + 1) * from >
			    (unsigned __int128)to << r.shift);
		assert_true(to / 2 < from / 4 || r.mult >= 1u << 30);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_stops),
		cmocka_unit_test(test_agreement),
		cmocka_unit_test(test_outvoted),
		cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_stolen),
		cmocka_unit_test(test_division),
		cmocka_unit_test(test_ratio),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
