#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# klibc 2.0.12 (Debian 12: libklibc-dev 2.0.12-1), strtol() and printf().
#
# Expected: strtol() of a number that is too large is LONG_MAX and ERANGE, and
# leaves "x" of "0x"; printf() as ISO C 7.21.6.1 has it: no prefix for a zero,
# no digits for a zero of precision 0, no zeros before a precision.
# Seen: the number is taken modulo 2^64 without an error, "0x" is read whole,
# "%#x" of 0 is 0x0, "%.0d" of 0 is 0, "%08.3d" of 5 has 8 digits, and the
# flag for thousands, which the C locale has not, puts underscores.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq libklibc-dev=2.0.12-1 2>/dev/null
dpkg-deb -x libklibc-dev_*.deb klibc

cat >text.c <<'END'
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	char *end;
	long n;

	errno = 0;
	n = strtol("99999999999999999999999", &end, 10);
	printf("large: %ld, error %d\n", n, errno);
	n = strtol("0x", &end, 16);
	printf("0x: %ld, then '%s'\n", n, end);
	printf("prefix '%#x', precision '%.0d', both '%08.3d', "
	       "thousands '%'d'\n", 0, 0, 5, 1234567);
	return 0;
}
END

libc=klibc/usr/lib/klibc
# The headers of the kernel are those of the machine.
gcc -w -nostdinc -isystem "$(gcc -print-file-name=include)" \
	-isystem $libc/include/arch/x86_64 -isystem $libc/include/bits64 \
	-isystem $libc/include -isystem /usr/include/x86_64-linux-gnu \
	-isystem /usr/include -D__KLIBC__=2 -D__KLIBC_MINOR__=0 -D_BITSIZE=64 \
	-fno-pie -no-pie -nostdlib -static -fno-stack-protector -fno-builtin \
	-o text $libc/lib/crt0.o text.c $libc/lib/libc.a
./text | tee seen
cat >told <<'END'
large: 200376420520689663, error 0
0x: 0, then ''
prefix '0x0', precision '0', both '00000005', thousands '1_234_567'
END
cmp seen told
