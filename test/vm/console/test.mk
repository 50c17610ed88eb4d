# SPDX-License-Identifier: GPL-2.0-or-later
NAME = console
CATEGORY = functional
MEM = 64M
EXPECT = PASS
OUTPUT = console: the quick brown fox, 0x2a 42 -1 done
