#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# GRUB 0.97-80 (Debian 12: grub-legacy), its command module; booted by the
# qemu-system-i386 that is there, built with its gcc and xorriso.
#
# Expected: an empty file is a module of no bytes in its place, or an error.
# Seen: it is left out without a word, and all behind it move up by one place.
# What goes by position, such as "the second is the initrd", goes wrong.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq grub-legacy=0.97-80 2>/dev/null
dpkg-deb -x grub-legacy_*.deb grub
mkdir -p tree/boot/grub
cp grub/usr/lib/grub/*/stage2_eltorito tree/boot/grub
printf 12345 >tree/module
: >tree/empty

# A Multiboot kernel that prints the lines it was given and leaves QEMU.
cat >list.c <<'END'
__asm__(".text; .balign 4; .long 0x1badb002, 0, -0x1badb002;"
	".globl _start; _start: movl $stack + 4096, %esp; pushl %ebx;"
	"call list; .bss; stack: .skip 4096; .text");

static void out(unsigned short port, unsigned char value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void text(const char *s)
{
	for (; *s; s++) {
		out(0x3f8, (unsigned char)*s);
	}
}

static void number(unsigned n)
{
	if (n > 9) {
		number(n / 10);
	}
	out(0x3f8, (unsigned char)('0' + n % 10));
}

void list(const unsigned *info)
{
	const unsigned *module = (const unsigned *)info[6];

	text("\nkernel: ");
	text((const char *)info[4]);
	for (unsigned i = 0; i < info[5]; i++, module += 4) {
		text("\nmodule of ");
		number(module[1] - module[0]);
		text(": ");
		text((const char *)module[2]);
	}
	text("\n");
	out(0xf4, 0x10);
}
END
gcc -m32 -ffreestanding -fno-pic -fno-stack-protector -fcf-protection=none \
	-fno-asynchronous-unwind-tables -fno-toplevel-reorder -O1 -nostdlib \
	-static -Wl,-N,-Ttext=0x100000,--build-id=none,--no-warn-rwx-segments \
	-o tree/kernel list.c

boot() {
	timeout 300 qemu-system-i386 -m 128 -display none -monitor none \
		-no-reboot -device isa-debug-exit,iobase=0xf4,iosize=1 \
		-serial stdio "$@" </dev/null | tr -d '\r' |
		grep -aE '^(kernel|module)' || true
}

cat >tree/boot/grub/menu.lst <<'END'
timeout 0
title one
kernel /kernel
module /module first
module /empty second
module /module third
END
xorriso -as mkisofs -quiet -R -o disc.iso -b boot/grub/stage2_eltorito \
	-no-emul-boot -boot-load-size 4 -boot-info-table tree
boot -cdrom disc.iso >seen
cat seen
cat >told <<'END'
kernel: /kernel
module of 5: /module first
module of 5: /module third
END
cmp seen told
