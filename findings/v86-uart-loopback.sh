#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# v86 0.5.462 (npm), the serial port in loopback mode.
#
# Expected: with bit 4 of the modem control register the outputs appear at the
# modem status register (DTR and OUT1 as DSR and RI, 6 in its upper half), and
# what is sent is received and not seen outside (PC16550D, 8.6.7 "Modem Control
# Register"), by which drivers find out that there is a port.
# Seen: the byte comes back, but the modem status is 0 whatever the outputs are.
#
# Needs node, npm, gcc and GNU ld.

set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm install --silent --no-audit --no-fund --ignore-scripts v86@0.5.462

cat >kernel.S <<'END'
#define COM1 0x3f8
#define DTR_OUT1_LOOP 0x15
	.text
	.balign	4
	.long	0x1badb002, 0, -0x1badb002
	.globl	_start
_start:	movw	$COM1 + 4, %dx
	movb	$DTR_OUT1_LOOP, %al
	outb	%al, %dx
	movw	$COM1 + 6, %dx
	inb	%dx, %al
	shrb	$4, %al
	movb	%al, %bl
	movw	$COM1, %dx
	movb	$'!', %al
	outb	%al, %dx
	movl	$0x100000, %ecx		/* time enough for a byte */
1:	loop	1b
	movw	$COM1 + 5, %dx
	inb	%dx, %al
	andb	$1, %al
	movb	%al, %bh
	movw	$COM1 + 4, %dx
	movb	$0x3, %al
	outb	%al, %dx
	movw	$COM1, %dx
	movb	%bl, %al
	addb	$'0', %al
	outb	%al, %dx
	movb	%bh, %al
	addb	$'0', %al
	outb	%al, %dx
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

# The upper half of the status, whether a byte was received.
gcc -m32 -c kernel.S
ld -m elf_i386 -Ttext=0x100000 -z noexecstack --build-id=none \
	-z max-page-size=4096 -o kernel kernel.o 2>/dev/null
node run.mjs kernel usr/share/seabios/bios.bin | tee seen
grep -qx 01 seen
