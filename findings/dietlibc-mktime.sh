#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# dietlibc 0.34 (Debian 12: dietlibc-dev 0.34~cvs20160606-14), timegm() and
# gmtime().
#
# Expected: fields out of range are carried into the next larger one, as ISO C
# 7.27.2.3 "The mktime function" has it, and times before 1970 are dates.
# Seen: the month 24 of 2023 (January 2025) is counted as January 2023, two
# years early, while the structure comes back as January 2025; a month of -1
# is counted as 0; 1969-12-31 is -1, "no such time"; and gmtime(-1) is the
# second -1 of 1970-01-01. "A month later" by tm_mon++ works until the month
# after the next December.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq dietlibc-dev=0.34~cvs20160606-14 2>/dev/null
dpkg-deb -x dietlibc-dev_*.deb diet

cat >dates.c <<'END'
#include <stdio.h>
#include <time.h>

static void seconds(int year, int month, int day)
{
	struct tm t = { .tm_year = year - 1900, .tm_mon = month,
			.tm_mday = day };
	long s = (long)timegm(&t);

	printf("%d, month %d, day %d: %ld, %d-%d-%d\n", year, month, day, s,
	       t.tm_year + 1900, t.tm_mon + 1, t.tm_mday);
}

int main(void)
{
	time_t before = -1;
	struct tm *t = gmtime(&before);

	seconds(2025, 0, 1);
	seconds(2023, 24, 1);
	seconds(2024, -1, 1);
	seconds(1969, 11, 31);
	printf("-1: %d-%d-%d, second %d\n", t->tm_year + 1900, t->tm_mon + 1,
	       t->tm_mday, t->tm_sec);
	return 0;
}
END
lib=$(dirname "$(find diet -name start.o)")
gcc -w -D_BSD_SOURCE -nostdinc -isystem diet/usr/include/diet \
	-isystem "$(gcc -print-file-name=include)" -fno-pie -no-pie -nostdlib \
	-static -fno-stack-protector -o dates "$lib/start.o" dates.c \
	"$lib/libcompat.a" "$lib/libc.a" 2>/dev/null
TZ=UTC ./dates | tee seen
cat >told <<'END'
2025, month 0, day 1: 1735689600, 2025-1-1
2023, month 24, day 1: 1672531200, 2025-1-1
2024, month -1, day 1: 1704067200, 2024-1-1
1969, month 11, day 31: -1, 1969-12-31
-1: 1970-1-1, second -1
END
cmp seen told
