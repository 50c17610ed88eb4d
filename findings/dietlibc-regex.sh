#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# dietlibc 0.34 (Debian 12: dietlibc-dev 0.34~cvs20160606-14), regcomp() and
# regexec() with REG_EXTENDED.
#
# Expected: POSIX's leftmost-longest match, and its character classes.
# Seen: the first alternative that matches wins, so (foo|foobar) takes 3 bytes
# of "foobar", not 6; and [[:digit:]] alone does not match "ab12" at all,
# although [0-9] does. Programs that look for a longest match or use classes
# work with glibc and musl and change their meaning here.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq dietlibc-dev=0.34~cvs20160606-14 2>/dev/null
dpkg-deb -x dietlibc-dev_*.deb diet

cat >match.c <<'END'
#include <regex.h>
#include <stdio.h>

static void match(const char *pattern, const char *text)
{
	regex_t re;
	regmatch_t m[2];

	if (regcomp(&re, pattern, REG_EXTENDED)) {
		printf("%s: not compiled\n", pattern);
	} else if (regexec(&re, text, 2, m, 0)) {
		printf("%s in %s: none\n", pattern, text);
	} else {
		printf("%s in %s: %d to %d\n", pattern, text,
		       (int)m[0].rm_so, (int)m[0].rm_eo);
	}
}

int main(void)
{
	match("(foo|foobar)", "foobar");
	match("(foobar|foo)", "foobar");
	match("[0-9]", "ab12");
	match("[[:digit:]]", "ab12");
	return 0;
}
END
lib=$(dirname "$(find diet -name start.o)")
gcc -w -nostdinc -isystem diet/usr/include/diet \
	-isystem "$(gcc -print-file-name=include)" -fno-pie -no-pie -nostdlib \
	-static -fno-stack-protector -o match "$lib/start.o" match.c \
	"$lib/libcompat.a" "$lib/libc.a" 2>/dev/null
./match | tee seen
cat >told <<'END'
(foo|foobar) in foobar: 0 to 3
(foobar|foo) in foobar: 0 to 6
[0-9] in ab12: 2 to 3
[[:digit:]] in ab12: none
END
cmp seen told
