#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# grub-mkrescue of GRUB 2.06-13+deb12u2 (Debian 12: grub-common, grub-pc-bin) with
# the xorriso that is there.
#
# Expected: a folder is a folder, whatever it is called.
# Seen: one with "=" in its path is taken for a pair TARGET=SOURCE; there is no
# such source, and no image. In that folder, "." does it.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq grub-common=2.06-13+deb12u2 grub-pc-bin=2.06-13+deb12u2 \
	2>/dev/null
for package in *.deb; do
	dpkg-deb -x "$package" grub
done
mkdir -p a=b
echo text >a=b/file
make_image() {
	"$tmp/grub/usr/bin/grub-mkrescue" \
		-d "$tmp/grub/usr/lib/grub/i386-pc" --locales= --fonts= \
		--themes= -o "$tmp/disc.iso" "$1" >"$tmp/said" 2>&1
}
if make_image "$tmp/a=b"; then
	exit 1
fi
grep FAILURE said
(cd a=b && make_image .)
xorriso -indev disc.iso -find /file 2>/dev/null | grep file
