# SPDX-License-Identifier: GPL-2.0-or-later
NAME = irq
CATEGORY = functional
MEM = 64M
CLOCK = instructions
EXPECT.all = PASS
EXPECT.early = PASS
EXPECT.window = PASS
