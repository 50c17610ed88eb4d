# SPDX-License-Identifier: GPL-2.0-or-later
NAME = kill-idt
CATEGORY = functional
MEM = 64M
EXPECT.vector = KILL: IDT entry 256 does not exist
EXPECT.task = KILL: IDT entry 6 has type 0x5
EXPECT.call = KILL: IDT entry 255 has type 0xc
EXPECT.ignored = PASS
