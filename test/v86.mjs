// SPDX-License-Identifier: GPL-2.0-or-later
// v86 without a browser, its COM1 on standard input and output.
// Usage: node v86.mjs PACKAGE IMAGE=FILE ...; IMAGE is v86's word for what to
// load: bios, vga_bios, cdrom, multiboot, initrd. Ends with its input.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [home, ...images] = process.argv.slice(2);
const { V86 } = await import(pathToFileURL(path.join(home, "build/libv86.mjs")));
const load = file => ({ buffer: new Uint8Array(fs.readFileSync(file)).buffer });

const machine = new V86({
	wasm_path: path.join(home, "build/v86.wasm"),
	memory_size: 128 << 20,
	vga_memory_size: 8 << 20,
	...Object.fromEntries(images.map(pair => pair.split(/=(.*)/, 2))
		.map(([name, file]) => [name, load(file)])),
	disable_speaker: true,
	autostart: true,
});

machine.add_listener("serial0-output-byte",
	byte => process.stdout.write(Uint8Array.of(byte)));
process.stdin.on("data",
	bytes => bytes.forEach(byte => machine.bus.send("serial0-input", byte)));
process.stdin.on("end", () => process.exit(0));
