#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# iPXE 1.0.0+git-20190125.36a4c85-5.1 (Debian 12: ipxe), its commands kernel and
# module; booted by the qemu-system-i386 that is there, built with its gcc.
#
# Expected: a Multiboot image gets its command line and those of its modules as
# they were written: the file as it was named, or the name that --name gives it,
# and the words with the blanks that are within quotes.
# Seen: the first word is always the whole address, "tftp://10.0.2.2/module",
# --name or not, and every run of blanks is one blank, quotes or not; the quotes
# stay.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq ipxe=1.0.0+git-20190125.36a4c85-5.1 2>/dev/null
dpkg-deb -x ipxe_*.deb ipxe
mkdir tree
printf 12345 >tree/module

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

cat >script <<'END'
#!ipxe
dhcp
set next-server 10.0.2.2
kernel tftp://10.0.2.2/kernel a  "b  c"
module tftp://10.0.2.2/module one  "two  three"
module --name label tftp://10.0.2.2/module four
boot
END
boot -kernel ipxe/usr/lib/ipxe/ipxe.lkrn -initrd script \
	-netdev user,id=net,tftp=tree -device e1000,netdev=net >seen
cat seen
cat >told <<'END'
kernel: tftp://10.0.2.2/kernel a "b c"
module of 5: tftp://10.0.2.2/module one "two three"
module of 5: tftp://10.0.2.2/module four
END
cmp seen told
