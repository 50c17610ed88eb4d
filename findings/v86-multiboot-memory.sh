#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# v86 0.5.462 (npm), its Multiboot loader and how much memory there is.
#
# Expected: a kernel whose header has bit 1 of its flags set is told "at least"
# by mem_lower and mem_upper, with bit 0 of the information's flags (Multiboot
# 0.6.96, 3.1.2 "The magic fields of Multiboot header").
# Seen: it gets a map (bit 6) and nothing else: bit 0 is clear, and what lies at
# mem_upper is 0.
#
# Needs node, npm, gcc and GNU ld.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm install --silent --no-audit --no-fund --ignore-scripts v86@0.5.462

cat >kernel.S <<'END'
#define COM1 0x3f8
	.text
	.balign	4
	.long	0x1badb002, 2, -(0x1badb002 + 2)
	.globl	_start
_start:	movw	$COM1, %dx
	movl	(%ebx), %eax		/* flags: bit 0, bit 6 */
	andb	$1, %al
	addb	$'0', %al
	outb	%al, %dx
	movl	(%ebx), %eax
	shrb	$6, %al
	andb	$1, %al
	addb	$'0', %al
	outb	%al, %dx
	movb	$'0', %al		/* mem_upper, is it 0 */
	cmpl	$0, 8(%ebx)
	je	1f
	incb	%al
1:	outb	%al, %dx
	movb	$'\n', %al
	outb	%al, %dx
2:	hlt
	jmp	2b
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

# Bit 0, bit 6, and whether there is a mem_upper.
gcc -m32 -c kernel.S
ld -m elf_i386 -Ttext=0x100000 -z noexecstack --build-id=none \
	-z max-page-size=4096 -o kernel kernel.o 2>/dev/null
node run.mjs kernel usr/share/seabios/bios.bin | tee seen
grep -qx 010 seen
