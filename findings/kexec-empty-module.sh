#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kexec 2.0.25-3+deb12u3 (Debian 12, amd64: kexec-tools), its type multiboot-x86.
#
# Expected: an empty file is a module of no bytes, as it is under GRUB 2 and iPXE.
# Seen: "Cannot read empty", and nothing is loaded. With one byte in the file kexec
# goes on to the system call, which an ordinary user may not make: that is who
# runs it here.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
chmod 755 .
apt-get download -qq kexec-tools=1:2.0.25-3+deb12u3 libxenmisc4.17 \
	libxencall1 libxendevicemodel1 libxenevtchn1 libxenforeignmemory1 \
	libxengnttab1 libxentoolcore1 libxentoollog1 2>/dev/null
for package in *.deb; do
	dpkg-deb -x "$package" kexec
done

echo '.balign 4; .long 0x1badb002, 0, -0x1badb002; .globl _start; _start: hlt' |
	gcc -m32 -nostdlib -static -Wl,-N,-Ttext=0x100000,--build-id=none \
		-Wl,--no-warn-rwx-segments -x assembler -o kernel -
printf '' >empty
printf 1 >one

load() {
	user=
	[ "$(id -u)" -ne 0 ] || user="setpriv --reuid=65534 --clear-groups"
	# shellcheck disable=SC2086
	$user env LD_LIBRARY_PATH="$tmp/kexec/usr/lib/$(gcc -print-multiarch)" \
		kexec/sbin/kexec -t multiboot-x86 -l kernel --module="$1" 2>&1 ||
		true
}

load empty | tee seen
grep -qx 'Cannot read empty' seen
load one >seen
head -n 1 seen
grep -q 'kexec_load failed' seen
