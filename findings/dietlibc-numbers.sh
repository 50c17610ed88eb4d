#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# dietlibc 0.34 (Debian 12: dietlibc-dev 0.34~cvs20160606-14), printf() and
# strtod() with floating point.
#
# Expected: %e and %g print as ISO C says, halves are rounded to even by
# %.0f, and strtod() takes the longest beginning that is a number.
# Seen: %e prints nothing at all; %g never uses an exponent, so a million is
# 1000000, not 1e+06; 2.5 is rounded to 3; "1e" is no number, where its "1" should be
# one, and "inf" and "0x10" are not known.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq dietlibc-dev=0.34~cvs20160606-14 2>/dev/null
dpkg-deb -x dietlibc-dev_*.deb diet

cat >numbers.c <<'END'
#include <stdio.h>
#include <stdlib.h>

static void read(const char *text)
{
	char *end;
	double d = strtod(text, &end);

	printf("%s: %f, then '%s'\n", text, d, end);
}

int main(void)
{
	printf("e '%e'\n", 1.5);
	printf("g '%g' '%g'\n", 1000000.0, 0.00001);
	printf("f '%.0f' '%.0f'\n", 2.5, 3.5);
	read("1.5e3");
	read("1e");
	read("inf");
	read("0x10");
	return 0;
}
END
lib=$(dirname "$(find diet -name start.o)")
gcc -w -nostdinc -isystem diet/usr/include/diet \
	-isystem "$(gcc -print-file-name=include)" -fno-pie -no-pie -nostdlib \
	-static -fno-stack-protector -o numbers "$lib/start.o" numbers.c \
	"$lib/libcompat.a" "$lib/libc.a" 2>/dev/null
./numbers | tee seen
cat >told <<'END'
e ''
g '1000000' '0.00001'
f '3' '4'
1.5e3: 1500.000000, then ''
1e: 0.000000, then '1e'
inf: 0.000000, then 'inf'
0x10: 0.000000, then 'x10'
END
cmp seen told
