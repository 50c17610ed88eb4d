# SPDX-License-Identifier: GPL-2.0-or-later
NAME = own-state
CATEGORY = functional
MEM = 64M
CLOCK = instructions
EXPECT.2level-a = PASS
EXPECT.pae-b = PASS
