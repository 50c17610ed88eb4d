/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hv/lib/decimal.c against the C library of the build machine.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "hv/lib/decimal.h"

static void check(u64 value)
{
	char mine[DECIMAL_MAX], expected[DECIMAL_MAX];

	snprintf(expected, sizeof(expected), "%" PRIu64, value);
	assert_string_equal(decimal_u64(mine, value), expected);
}

static void borders(void **state)
{
	(void)state;
	check(0);
	check(UINT32_MAX);
	check(UINT64_MAX);
	for (u64 power = 1; power <= UINT64_MAX / 10; power *= 10) {
		check(power - 1);
		check(power);
	}
}

static void random_numbers(void **state)
{
	u64 x = 1;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		check(x >> (i % 64));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(borders),
		cmocka_unit_test(random_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
