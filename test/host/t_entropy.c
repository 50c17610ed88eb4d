// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hv/pc/entropy.c with a clock and a generator that the test controls: what is
 * believed, what is complained of, and that nothing comes out twice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "arch/x86/cpu.h"
#include "hv/lib/log.h"

static u64 fake_rdtsc(void);

#define rdtsc fake_rdtsc
#include "hv/pc/entropy.c"

enum clock {
	STEADY,
	JITTERY,
	COARSE,
};

static struct {
	enum clock clock;
	u64 now;
	u32 seed;
	bool has_hw, is_stuck;
	u32 words; /* taken from the generator */
	u32 warnings;
} fake;

static u32 rnd(void)
{
	fake.seed = fake.seed * 1664525u + 1013904223u;
	return fake.seed >> 8;
}

static u64 fake_rdtsc(void)
{
	if (fake.clock == COARSE) {
		/* Work of about six ticks, each of 26; a 64th of it varies. */
		u32 least = pool.work * 156;

		fake.now += least + rnd() % (1 + least / 64);
		return fake.now / 26 * 26;
	}
	fake.now += 100 + (fake.clock == JITTERY ? rnd() % 16 : 0);
	return fake.now;
}

bool hwrng_init(void)
{
	return fake.has_hw;
}

bool hwrng_read(u32 *v)
{
	fake.words += fake.has_hw;
	*v = fake.is_stuck ? ~0u : rnd();
	return fake.has_hw;
}

void log_line(enum log_level level, const char *fmt, ...)
{
	(void)fmt;
	fake.warnings += level == LOG_WARN;
}

static u32 warnings(enum clock clock, bool has_hw, bool is_stuck)
{
	memset(&pool, 0, sizeof(pool));
	memset(&fake, 0, sizeof(fake));
	fake.clock = clock;
	fake.has_hw = has_hw;
	fake.is_stuck = is_stuck;
	fake.seed = 5;
	entropy_init();
	return fake.warnings;
}

/* One source that works is enough; one that only seems to is none. */
static void test_health(void **state)
{
	(void)state;
	assert_int_equal(warnings(STEADY, false, false), 1);
	assert_int_equal(warnings(JITTERY, false, false), 0);
	assert_int_equal(warnings(STEADY, true, false), 0);
	assert_int_equal(warnings(JITTERY, true, true), 0);
	/* Emulators give their clock in such steps. */
	assert_int_equal(warnings(COARSE, false, false), 0);
	/* Processors are known whose generator says nothing but ones. */
	assert_int_equal(warnings(STEADY, true, true), 1);
}

/* Neither output nor state repeats, nor is one found in the other. */
static void test_output(void **state)
{
	static u8 out[512][SHA256_BYTES];

	(void)state;
	warnings(STEADY, false, false);
	for (u32 i = 0; i < ARRAY_SIZE(out); i += 2) {
		entropy_fill(NULL, out[i], SHA256_BYTES);
		memcpy(out[i + 1], pool.state, SHA256_BYTES);
		for (u32 k = 0; k < i; k++) {
			assert_memory_not_equal(out[k], out[i], SHA256_BYTES);
			assert_memory_not_equal(out[k], out[i + 1],
						SHA256_BYTES);
		}
	}
}

/* What is added makes a difference, at the start and later. */
static void test_reseeding(void **state)
{
	u8 a[8], b[8];
	u32 words;

	(void)state;
	warnings(JITTERY, false, false);
	entropy_fill(NULL, a, sizeof(a));
	warnings(STEADY, true, false);
	entropy_fill(NULL, b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	words = fake.words;
	for (u32 i = 0; i < RESEED_BYTES; i += sizeof(a)) {
		entropy_fill(NULL, a, sizeof(a));
	}
	assert_true(fake.words > words);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_health),
		cmocka_unit_test(test_output),
		cmocka_unit_test(test_reseeding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
