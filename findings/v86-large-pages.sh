#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# v86 0.5.462 (npm), page tables of the PAE format with large pages.
#
# Expected: a directory entry with bit 7 maps 2 MiB whatever CR4.PSE says: the
# bit has no effect where CR4.PAE is set (Intel SDM 3A 4.1.1, 4.4).
# Seen: without CR4.PSE the entry is taken for one that names a table, which is
# whatever lies in the page: here zeros, so that a read is a page fault with
# error code 0. With it the page is there.
#
# Needs node, npm, gcc and GNU ld. A kernel of one file maps 4 MiB to 6 MiB by
# such an entry, reads there, and says on COM1 what came of it.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm install --silent --no-audit --no-fund --ignore-scripts v86@0.5.462

cat >kernel.S <<'END'
#define COM1 0x3f8
	.text
	.balign	4
	.long	0x1badb002, 0, -0x1badb002
	.globl	_start
_start:	movl	$stack, %esp
	lgdt	gdtr
	ljmp	$8, $1f
1:	movl	$16, %eax
	movl	%eax, %ds
	movl	%eax, %ss
	movl	$fault, %eax		/* the gate of page faults */
	movw	%ax, idt + 14 * 8
	movw	$8, idt + 14 * 8 + 2
	movw	$0x8e00, idt + 14 * 8 + 4
	shrl	$16, %eax
	movw	%ax, idt + 14 * 8 + 6
	lidt	idtr
	movb	$'M', 0x601234		/* what is to be read */
	movl	$3, %eax		/* 0 to 2 MiB by small pages */
	movl	$table, %edi
2:	movl	%eax, (%edi)
	addl	$0x1000, %eax
	addl	$8, %edi
	cmpl	$0x200003, %eax
	jb	2b
	movl	$table + 3, directory
	movl	$0x600083, directory + 2 * 8
	movl	$directory + 1, pointers
	movl	$0x20 | PSE, %eax
	movl	%eax, %cr4
	movl	$pointers, %eax
	movl	%eax, %cr3
	movl	%cr0, %eax
	orl	$0x80000000, %eax
	movl	%eax, %cr0
	movb	0x401234, %al
	jmp	say
fault:	popl	%eax			/* its error code */
	addb	$'0', %al
say:	movw	$COM1, %dx
	outb	%al, %dx
	movb	$'\n', %al
	outb	%al, %dx
3:	hlt
	jmp	3b

	.data
	.balign	8
gdt:	.quad	0, 0x00cf9b000000ffff, 0x00cf93000000ffff
gdtr:	.word	23
	.long	gdt
idtr:	.word	32 * 8 - 1
	.long	idt

	.bss
	.balign	4096
pointers:
	.skip	4096
directory:
	.skip	4096
table:	.skip	4096
idt:	.skip	32 * 8
	.skip	4096
stack:
END

cat >run.mjs <<'END'
import fs from "node:fs";
import { V86 } from "v86";
const machine = new V86({
	wasm_path: "node_modules/v86/build/v86.wasm",
	memory_size: 32 << 20,
	bios: { buffer: new Uint8Array(fs.readFileSync(process.argv[3])).buffer },
	multiboot: { buffer: new Uint8Array(fs.readFileSync(process.argv[2])).buffer },
	autostart: true,
});
let text = "";
machine.add_listener("serial0-output-byte", byte => {
	text += String.fromCharCode(byte);
	if (text.endsWith("\n")) {
		process.stdout.write(text);
		process.exit(0);
	}
});
setTimeout(() => process.exit(1), 120000);
END

apt-get download -qq seabios=1.16.2-1 2>/dev/null
dpkg-deb -x seabios_*.deb .

# Prints "M" when the page is there, else the fault's error code.
try() {
	gcc -m32 -DPSE="$1" -c kernel.S
	ld -m elf_i386 -Ttext=0x100000 -z noexecstack --build-id=none \
		-z max-page-size=4096 -o kernel kernel.o 2>/dev/null
	node run.mjs kernel usr/share/seabios/bios.bin
}

echo "without CR4.PSE: $(try 0)" | tee seen
echo "with CR4.PSE: $(try 0x10)" | tee -a seen
grep -qx 'without CR4.PSE: 0' seen
grep -qx 'with CR4.PSE: M' seen
