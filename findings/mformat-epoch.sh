#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mtools 4.0.32 (Debian 12: mtools 4.0.33-1+really4.0.32-1), mformat with
# SOURCE_DATE_EPOCH.
#
# Expected: the variable is honoured (times of files are taken from it), so two
# images made alike are the same to the bit.
# Seen: the volume's serial number is random all the same, 4 bytes at offset
# 39 of the boot sector; -N sets it. grub-mkrescue gives mformat no -N, so the
# EFI part of every ISO it makes differs from the one before.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq mtools=4.0.33-1+really4.0.32-1 2>/dev/null
dpkg-deb -x mtools_*.deb mtools
PATH=$tmp/mtools/usr/bin:$PATH
export SOURCE_DATE_EPOCH=1700000000

image() {
	mformat -C -f 2880 -L 16 "$@" ::
	mmd -i "$2" ::/efi
	sleep 1
}

image -i one
image -i two
image -i three -N 12345678
image -i four -N 12345678
cmp -l one two | tee seen || true
# All that differs is within the serial number's bytes, counted from 1.
[ -s seen ]
awk '$1 < 40 || $1 > 43 { exit 1 }' seen
cmp three four
echo "with -N: the same"
