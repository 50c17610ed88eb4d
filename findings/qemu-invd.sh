#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# QEMU 10.0.13 (Debian 13: qemu-system-x86 1:10.0.13+ds-0+deb13u1), INVD and
# WBINVD.
#
# Expected: both raise #GP(0) outside ring 0, as Intel's manual (volume 2,
# "INVD", "WBINVD") has it and as QEMU 7.2 does.
# Seen: in ring 3 both are executed, as no-ops, on every processor model; HLT
# beside them faults as it should. A program below prints F for each fault and
# a letter after each instruction: "abF" instead of "FaFbF".

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

cat >ring3.S <<'END'
	.code32
	.text
	.long 0x1badb002, 0, -0x1badb002
	.globl start
start:	mov $stack, %esp
	lgdt gdtr
	mov $tss, %eax
	mov %ax, gdt + 0x2a
	shr $16, %eax
	mov %al, gdt + 0x2c
	mov $fault, %eax
	mov %ax, idt + 13 * 8
	shr $16, %eax
	mov %ax, idt + 13 * 8 + 6
	lidt idtr
	ljmp $0x08, $1f
1:	mov $0x28, %ax
	ltr %ax
	mov $0x23, %ax
	mov %ax, %ds
	push $0x23
	push $stack
	push $0x3002
	push $0x1b
	push $ring3
	iret
fault:	mov $'F', %al
	out %al, $0xe9
	add $4, %esp
	addl $2, (%esp)
	iret
ring3:	invd
	mov $'a', %al
	out %al, $0xe9
	wbinvd
	mov $'b', %al
	out %al, $0xe9
	.byte 0xf4, 0x90
	mov $'\n', %al
	out %al, $0xe9
	out %al, $0xf4
1:	jmp 1b
	.data
	.balign 8
gdt:	.quad 0, 0x00cf9b000000ffff, 0x00cf93000000ffff
	.quad 0x00cffb000000ffff, 0x00cff3000000ffff
	.quad 0x0000890000000067
idt:	.fill 13, 8, 0
	.word 0, 0x08, 0x8e00, 0
tss:	.long 0, stack, 0x10
	.fill 23, 4, 0
gdtr:	.word 47
	.long gdt
idtr:	.word 14 * 8 - 1
	.long idt
	.bss
	.fill 4096
stack:
END
gcc -m32 -c -o ring3.o ring3.S
ld -m elf_i386 -Ttext=0x100000 -e start -o ring3.elf ring3.o

for cpu in qemu32 n270 max; do
	timeout 60 "$lib/ld-linux-x86-64.so.2" --library-path "$lib" \
		root/usr/bin/qemu-system-i386 -L root/usr/share/qemu \
		-L root/usr/share/seabios -cpu "$cpu" -display none \
		-monitor none -serial none -no-reboot -kernel ring3.elf \
		-debugcon stdio \
		-device isa-debug-exit,iobase=0xf4,iosize=4 \
		2>/dev/null || :
done | tee seen
printf 'abF\nabF\nabF\n' | cmp - seen
