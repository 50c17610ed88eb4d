# SPDX-License-Identifier: GPL-2.0-or-later
NAME = crash-again
CATEGORY = functional
MEM = 64M
CLOCK = instructions
EXPECT.1 = KILL: unhandled trap 6 ...
OUTPUT = crash-again: dying at
