// SPDX-License-Identifier: GPL-2.0-or-later
// v86 without a browser: boots an ISO, its COM1 on standard input and output.
// Usage: node v86.mjs PACKAGE BIOS VGABIOS ISO; ends with its input.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [home, bios, vgaBios, iso] = process.argv.slice(2).map(p => path.resolve(p));
const { V86 } = await import(pathToFileURL(path.join(home, "build/libv86.mjs")));
const image = file => ({ buffer: new Uint8Array(fs.readFileSync(file)).buffer });

const machine = new V86({
	wasm_path: path.join(home, "build/v86.wasm"),
	memory_size: 128 << 20,
	vga_memory_size: 8 << 20,
	bios: image(bios),
	vga_bios: image(vgaBios),
	cdrom: image(iso),
	disable_speaker: true,
	autostart: true,
});

machine.add_listener("serial0-output-byte",
	byte => process.stdout.write(Uint8Array.of(byte)));
process.stdin.on("data",
	bytes => bytes.forEach(byte => machine.bus.send("serial0-input", byte)));
process.stdin.on("end", () => process.exit(0));
