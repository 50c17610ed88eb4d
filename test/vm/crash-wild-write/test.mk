# SPDX-License-Identifier: GPL-2.0-or-later
NAME = crash-wild-write
CATEGORY = functional
MEM = 64M
EXPECT.2level = KILL: unhandled trap 14 (page fault) at 0x..., error 0x2
EXPECT.pae = KILL: unhandled trap 14 (page fault) at 0x..., error 0x2
EXPECT.rodata = KILL: unhandled trap 14 (page fault) at 0x..., error 0x3
