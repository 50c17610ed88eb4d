# SPDX-License-Identifier: GPL-2.0-or-later
# Alternatives: a processor ignores the flag, QEMU's emulation obeys it.
NAME = escape-v86
CATEGORY = escape
MEM = 64M
EXPECT = PASS | KILL: trap 14 in virtual-8086 mode
