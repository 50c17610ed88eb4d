# SPDX-License-Identifier: GPL-2.0-or-later
NAME = clock
CATEGORY = functional
MEM = 64M
CLOCK = instructions
EXPECT.all = PASS
