#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# QEMU 10.0.13 (Debian 13: qemu-system-x86 1:10.0.13+ds-0+deb13u1),
# isa-debug-exit.
#
# Expected: a write to its port is the last thing the machine does, as with
# QEMU 7.2, whose exit() is in the device.
# Seen: the end is asked for, and the processor runs on beside it: what the
# program below prints behind the write comes out, a different amount each
# time. The exit status is that of the write all the same. A kernel that says
# "no such device" behind it does so on a machine that has one.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

# Debian 13's emulator with all its libraries, from the machine's own mirror;
# apt's lists and settings are in this folder.
suite=trixie
mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' \
	'Created-By: Packages' 'Component: main' |
	sed -n '/-updates$\|-security$\|-backports$/!s/ .*//p' | head -n 1)
key=/usr/share/keyrings/debian-archive-keyring.gpg
mkdir -p state/lists/partial cache/archives/partial root
: >status
echo "deb [signed-by=$key] $mirror $suite main" >sources.list
cat >apt.conf <<END
APT::Sandbox::User "root";
Dir::State "$tmp/state";
Dir::State::status "$tmp/status";
Dir::Cache "$tmp/cache";
Dir::Etc::SourceList "$tmp/sources.list";
Dir::Etc::SourceParts "/dev/null";
#clear APT::Update::Post-Invoke;
#clear DPkg::Post-Invoke;
END
export APT_CONFIG="$tmp/apt.conf"
apt-get update -qq
apt-get install -qq -y --download-only --no-install-recommends \
	qemu-system-x86=1:10.0.13+ds-0+deb13u1 >/dev/null
for package in cache/archives/*.deb; do
	dpkg-deb -x "$package" root
done
lib=root/usr/lib/x86_64-linux-gnu

cat >exit.S <<'END'
	.code32
	.text
	.long 0x1badb002, 0, -0x1badb002
	.globl start
start:	mov $0x10, %al
	out %al, $0xf4
1:	mov $'+', %al
	out %al, $0xe9
	jmp 1b
END
gcc -m32 -c -o exit.o exit.S
ld -m elf_i386 -Ttext=0x100000 -e start -o exit.elf exit.o

# Until it was seen once.
for i in $(seq 50); do
	[ ! -s all ] || break
	status=0
	timeout 60 "$lib/ld-linux-x86-64.so.2" --library-path "$lib" \
		root/usr/bin/qemu-system-i386 -L root/usr/share/qemu \
		-L root/usr/share/seabios -display none -monitor none \
		-serial none -no-reboot -kernel exit.elf -debugcon stdio \
		-device isa-debug-exit,iobase=0xf4,iosize=4 \
		>seen 2>/dev/null || status=$?
	echo "run $i: status $status, then $(wc -c <seen) characters"
	[ "$status" -eq 33 ]
	cat seen >>all
done
[ -s all ]
