# SPDX-License-Identifier: GPL-2.0-or-later
NAME = boot-state
CATEGORY = functional
MEM = 64M
CLOCK = instructions
CMDLINE = one two=three
EXPECT = PASS
