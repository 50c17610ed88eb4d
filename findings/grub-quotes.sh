#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# GRUB 2.06-13+deb12u2 (Debian 12: grub-common, grub-pc-bin), its command
# multiboot; booted by the qemu-system-i386 that is there.
#
# Expected: its script is like a shell's, so a kernel gets the words as they
# are, or else as they were written, and name="b c" arrives as one of
# name=b c and name="b c".
# Seen: neither. Quotes around a value move to the front of the word; an
# apostrophe, a quotation mark and a backslash get a backslash each, which
# nothing in the Multiboot specification undoes; a tab is no reason for quotes,
# and an empty word is gone.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
apt-get download -qq grub-common=2.06-13+deb12u2 grub-pc-bin=2.06-13+deb12u2 \
	2>/dev/null
for package in *.deb; do
	dpkg-deb -x "$package" grub
done

# A Multiboot kernel: its header with addresses, then what prints the command
# line, byte by byte, to port 0xe9 and leaves by port 0xf4:
#	mov 16(%ebx), %esi
# 1:	lodsb; test %al, %al; jz 2f; out %al, $0xe9; jmp 1b
# 2:	mov $0x10, %al; out %al, $0xf4; hlt
{
	printf '\002\260\255\033\000\000\001\000\376\117\121\344'
	printf '\000\000\020\000\000\000\020\000\000\000\000\000'
	printf '\000\000\000\000\040\000\020\000'
	printf '\213\163\020\254\204\300\164\004\346\351\353\367'
	printf '\260\020\346\364\364'
} >kernel
tab=$(printf '\t')
cat >grub.cfg <<END
multiboot (memdisk)/kernel name="b c" 'it'\''s' 'a\\b' '"x"' 'd${tab}e' "" f
boot
END
tar -cf memdisk.tar kernel grub.cfg
echo 'configfile (memdisk)/grub.cfg' >early.cfg
grub/usr/bin/grub-mkimage -d grub/usr/lib/grub/i386-pc -O i386-pc -o core.img \
	-p / -c early.cfg -m memdisk.tar \
	biosdisk configfile memdisk multiboot normal tar
cat grub/usr/lib/grub/i386-pc/boot.img core.img >disk
truncate -s %512 disk

timeout 300 qemu-system-i386 -m 64 -display none -monitor none -no-reboot \
	-drive file=disk,format=raw,snapshot=on -serial none \
	-debugcon file:seen -device isa-debug-exit,iobase=0xf4,iosize=1 \
	</dev/null || [ $? -eq 33 ]
cat seen
echo
printf '%s' "\"name=b c\" it\\'s a\\\\b \\\"x\\\" d${tab}e  f" >told
cmp seen told
