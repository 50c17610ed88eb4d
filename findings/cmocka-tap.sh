#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# cmocka 1.1.5 (Debian 12: libcmocka-dev 1.1.5-2.1), results as TAP.
#
# Expected: a skipped test is "ok N # SKIP name", the text of fail_msg() is
# among the lines of its test, and a value queued by will_return() that
# nobody took is complained of with the name of its function.
# Seen: a skipped test is "not ok", below a group that is "ok"; the text goes
# to standard error; the complaint is a format string with its "%s" still in
# it. A runner that counts "not ok" calls every skipped test a failure, though
# the program ends with 0.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq libcmocka-dev=1.1.5-2.1 libcmocka0=1.1.5-2.1 2>/dev/null
for package in *.deb; do
	dpkg-deb -x "$package" cmocka
done

cat >tests.c <<'END'
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void skipped(void **state)
{
	(void)state;
	skip();
}

static void failed(void **state)
{
	(void)state;
	fail_msg("the reason");
}

static int taker(void)
{
	return (int)mock();
}

static void left_over(void **state)
{
	(void)state;
	will_return(taker, 5);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest all[] = { cmocka_unit_test(skipped),
					  cmocka_unit_test(failed),
					  cmocka_unit_test(left_over) };
	const struct CMUnitTest one[] = { cmocka_unit_test(skipped) };

	(void)argv;
	(void)taker;
	return argc > 1 ? cmocka_run_group_tests(all, NULL, NULL)
			: cmocka_run_group_tests(one, NULL, NULL);
}
END
lib=$(dirname "$(find cmocka -name libcmocka.so)")
gcc -w -Icmocka/usr/include -o tests tests.c -L"$lib" -lcmocka
export LD_LIBRARY_PATH="$lib" CMOCKA_MESSAGE_OUTPUT=TAP
./tests 2>/dev/null >seen
./tests all 2>errors >>seen || true
cat seen errors
grep -v 'tests.c:' seen >lines
cat >told <<'END'
1..1
not ok 1 # SKIP skipped
# ok - one
1..3
not ok 1 # SKIP skipped
not ok 2 - failed
not ok 3 - left_over
# %s() has remaining non-returned values.
# not ok - all
END
cmp lines told
grep -q 'the reason' errors
