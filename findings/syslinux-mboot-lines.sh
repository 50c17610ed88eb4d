#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mboot.c32 of SYSLINUX 6.04~git20190206.bf6db5b4+dfsg1-3 (Debian 12: isolinux,
# syslinux-common); booted by the qemu-system-i386 that is there, built with its
# gcc and xorriso.
#
# Expected: an empty file is a module of no bytes, as it is under GRUB 2 and iPXE,
# and a line is passed on as it was written, with the blanks within quotes.
# Seen: one empty file and nothing is booted at all: "Loading /empty... failed!",
# "No files found!". Every run of blanks is one blank, quotes or not.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
version=3:6.04~git20190206.bf6db5b4+dfsg1-3
apt-get download -qq isolinux="$version" syslinux-common="$version" 2>/dev/null
for package in *.deb; do
	dpkg-deb -x "$package" unpacked
done
mkdir tree
modules=unpacked/usr/lib/syslinux/modules/bios
cp unpacked/usr/lib/ISOLINUX/isolinux.bin $modules/ldlinux.c32 \
	$modules/mboot.c32 $modules/libcom32.c32 tree
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

# boot_line TEXT: what a disc with that line makes of it.
boot_line() {
	printf 'SERIAL 0\nDEFAULT one\nLABEL one\nKERNEL mboot.c32\nAPPEND %s\n' \
		"$1" >tree/isolinux.cfg
	xorriso -as mkisofs -quiet -R -o disc.iso -b isolinux.bin \
		-no-emul-boot -boot-load-size 4 -boot-info-table tree
	timeout 60 qemu-system-i386 -m 128 -display none -monitor none \
		-no-reboot -device isa-debug-exit,iobase=0xf4,iosize=1 \
		-serial stdio -cdrom disc.iso </dev/null | tr -d '\r' |
		grep -aoE '^(kernel|module).*|failed!|No files found!' || true
}

{
	boot_line '/kernel a  "b  c" --- /module one  "two  three"'
	boot_line '/kernel --- /module one --- /empty'
} >seen
cat seen
cat >told <<'END'
kernel: /kernel a "b c"
module of 5: /module one "two three"
failed!
No files found!
END
cmp seen told
