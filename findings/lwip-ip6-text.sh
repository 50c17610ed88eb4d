#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lwIP 2.1.3 (Debian 12: liblwip0 and liblwip-dev 2.1.3+dfsg1-2),
# ip6addr_ntoa_r() and ip6addr_aton().
#
# Expected: what the first prints, the second reads (RFC 5952 for the text).
# Seen: a single zero at the end is printed as nothing, so 1:2:3:4:5:6:7:0
# becomes "1:2:3:4:5:6:7:", which is no address to either library; the first
# run of zeros is shortened, not the longest; and an IPv4 tail is read behind
# ::ffff: alone, so NAT64's 64:ff9b::192.0.2.33 is refused.

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
#include <stdio.h>

#include "lwip/ip6_addr.h"

static void show(const char *text)
{
	char out[64];
	ip6_addr_t a, b;

	if (!ip6addr_aton(text, &a)) {
		printf("%s: refused\n", text);
		return;
	}
	ip6addr_ntoa_r(&a, out, sizeof(out));
	printf("%s: %s, %s\n", text, out,
	       ip6addr_aton(out, &b) ? "read again" : "not read again");
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
2001:db8::1: 2001:DB8::1, read again
1:2:3:4:5:6:7:0: 1:2:3:4:5:6:7:, not read again
1:0:0:2:0:0:0:3: 1::2:0:0:0:3, read again
::ffff:192.0.2.33: ::FFFF:192.0.2.33, read again
64:ff9b::192.0.2.33: refused
END
cmp seen told
