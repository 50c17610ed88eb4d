#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# klibc 2.0.12 (Debian 12: libklibc-dev 2.0.12-1), sscanf() with %[...].
#
# Expected: "%[^=]=%s" splits "key=value" in two.
# Seen: nothing behind a %[...] is stored where it should be. "%[^=]=%s" of
# "key=value" fills the first string alone and returns 1; "%[0-9]%[a-z]" of
# "12ab" returns 2, with "12ab" in the first string and the second one as it
# was. %s alone is as elsewhere.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq libklibc-dev=2.0.12-1 2>/dev/null
dpkg-deb -x libklibc-dev_*.deb klibc

cat >text.c <<'END'
#include <stdio.h>

static void scan(const char *text, const char *format)
{
	char first[30] = "unset", second[30] = "unset";
	int n = sscanf(text, format, first, second);

	printf("%s by %s: %d, %s, %s\n", text, format, n, first, second);
}

int main(void)
{
	scan("key value", "%s %s");
	scan("key=value", "%[^=]=%s");
	scan("12ab", "%[0-9]%[a-z]");
	scan("word", "%[a-z]");
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
key value by %s %s: 2, key, value
key=value by %[^=]=%s: 1, key, unset
12ab by %[0-9]%[a-z]: 2, 12ab, unset
word by %[a-z]: 1, word, unset
END
cmp seen told
