# SPDX-License-Identifier: GPL-2.0-or-later
NAME = irq-traps
CATEGORY = functional
MEM = 64M
CLOCK = instructions
EXPECT.2level-all = PASS
EXPECT.pae-all = PASS
