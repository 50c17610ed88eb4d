# SPDX-License-Identifier: GPL-2.0-or-later
NAME = irq-storm
CATEGORY = functional
MEM = 64M
CLOCK = instructions
EXPECT.2level-brief = PASS
EXPECT.pae-brief = PASS
