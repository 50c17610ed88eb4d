# SPDX-License-Identifier: GPL-2.0-or-later
NAME = irq-iret
CATEGORY = functional
MEM = 64M
CLOCK = instructions
EXPECT.2level-flags = PASS
EXPECT.pae-flags = PASS
EXPECT.2level-user = PASS
EXPECT.pae-user = PASS
EXPECT.pae-stack = KILL: no stack at 0xb0000000 for the iret at 0x...
