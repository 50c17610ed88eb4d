#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lwIP 2.1.3 (Debian 12: liblwip0 and liblwip-dev 2.1.3+dfsg1-2),
# ip6addr_ntoa_r() and ip6addr_aton().
#
# Expected: text as RFC 5952 has it, which every inet_pton() reads.
# Seen: a single zero at the end is printed as nothing, so 1:2:3:4:5:6:7:0
# becomes "1:2:3:4:5:6:7:", which glibc refuses; the first run of zeros is
# shortened, not the longest; and an IPv4 tail is read behind ::ffff: alone,
# so NAT64's 64:ff9b::192.0.2.33 is refused.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq liblwip-dev=2.1.3+dfsg1-2 liblwip0=2.1.3+dfsg1-2 \
	2>/dev/null
for package in *.deb; do
	dpkg-deb -x "$package" lwip
done

cat >text.c <<'END'
#include <arpa/inet.h>
#include <stdio.h>

#include "lwip/ip6_addr.h"

static void show(const char *text)
{
	char out[64];
	struct in6_addr other;
	ip6_addr_t a;

	if (!ip6addr_aton(text, &a)) {
		printf("%s: refused\n", text);
		return;
	}
	ip6addr_ntoa_r(&a, out, sizeof(out));
	printf("%s: %s, %s\n", text, out,
	       inet_pton(AF_INET6, out, &other) == 1 ? "read" : "refused");
}

int main(void)
{
	show("2001:db8::1");
	show("1:2:3:4:5:6:7:0");
	show("1:0:0:2:0:0:0:3");
	show("::ffff:192.0.2.33");
	show("64:ff9b::192.0.2.33");
	return 0;
}
END
lib=$(dirname "$(find lwip -name liblwip.so.0)")
gcc -w -Ilwip/usr/include -Ilwip/usr/include/lwip -o text text.c -L"$lib" -llwip
LD_LIBRARY_PATH=$lib ./text | tee seen
cat >told <<'END'
2001:db8::1: 2001:DB8::1, read
1:2:3:4:5:6:7:0: 1:2:3:4:5:6:7:, refused
1:0:0:2:0:0:0:3: 1::2:0:0:0:3, read
::ffff:192.0.2.33: ::FFFF:192.0.2.33, read
64:ff9b::192.0.2.33: refused
END
cmp seen told
