#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# GRUB 2.06-13+deb12u2 (Debian 12: grub-common, grub-pc-bin), its module all_video
# and the modes of gfxpayload; booted by QEMU 7.2, built with the gcc and xorriso
# that are there.
#
# Expected: "640x480x24" is a mode of 24 bits or none, and then the next of the
# list; a mode fits the card's memory.
# Seen: on an ISA card without a linear framebuffer GRUB's own VGA driver says yes
# to 24 bits and sets a mode of planes, told as type 0 with 1 bit, though "text" is
# next; on a card with 1 MiB GRUB's own driver for it takes 800x600 with 24 bits,
# which are 1.4 MiB. With the module vbe alone, the firmware's modes, neither
# happens.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
version=2.06-13+deb12u2
apt-get download -qq grub-common="$version" grub-pc-bin="$version" 2>/dev/null
for package in *.deb; do
	dpkg-deb -x "$package" grub
done
mkdir -p tree/boot/grub

# A Multiboot 2 kernel that prints the tag of the screen and leaves QEMU.
cat >show.c <<'END'
__asm__(".text; .balign 8; header: .long 0xe85250d6, 0, 40, -0xe85250fe;"
	".short 5, 1; .long 20, 0, 0, 0, 0; .short 0, 0; .long 8;"
	".globl _start; _start: movl $stack + 4096, %esp; pushl %ebx;"
	"call show; .bss; stack: .skip 4096; .text");

static void out(unsigned short port, unsigned char value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void number(const char *name, unsigned n)
{
	unsigned power = 1;

	for (; *name; name++) {
		out(0x3f8, (unsigned char)*name);
	}
	while (n / power > 9) {
		power *= 10;
	}
	for (; power; power /= 10) {
		out(0x3f8, (unsigned char)('0' + n / power % 10));
	}
}

void show(const unsigned *info)
{
	const unsigned *tag = info + 2;

	while (tag[0] && tag[0] != 8) {
		tag += ((tag[1] + 7) & ~7u) / 4;
	}
	number("\nscreen type ", tag[7] >> 8 & 0xff);
	number(", ", tag[5]);
	number("x", tag[6]);
	number("x", tag[7] & 0xff);
	number("\n", 0);
	out(0xf4, 0x10);
}
END
gcc -m32 -ffreestanding -fno-pic -fno-stack-protector -fcf-protection=none \
	-fno-asynchronous-unwind-tables -fno-toplevel-reorder -O1 -nostdlib \
	-static -Wl,-N,-Ttext=0x100000,--build-id=none,--no-warn-rwx-segments \
	-o tree/kernel show.c

# mode MODULE MODES DEVICE: what GRUB makes of that.
mode() {
	cat >tree/boot/grub/grub.cfg <<END
insmod $1
multiboot2 /kernel
set gfxpayload=$2
boot
END
	grub/usr/bin/grub-mkrescue -d grub/usr/lib/grub/i386-pc --locales= \
		--fonts= --themes= -o disc.iso tree >log 2>&1
	timeout 300 qemu-system-i386 -m 128 -display none -monitor none \
		-no-reboot -device isa-debug-exit,iobase=0xf4,iosize=1 \
		-serial stdio -vga none -device "$3" -cdrom disc.iso \
		</dev/null | tr -d '\r' | grep -a '^screen' || true
}

{
	mode all_video 640x480x24,text isa-cirrus-vga
	mode vbe 640x480x24,text isa-cirrus-vga
	mode all_video auto VGA,vgamem_mb=1
	mode vbe 800x600x24,800x600x16,text VGA,vgamem_mb=1
} >seen
cat seen
cat >told <<'END'
screen type 0, 640x480x1
screen type 2, 80x25x16
screen type 1, 800x600x24
screen type 1, 800x600x16
END
cmp seen told
