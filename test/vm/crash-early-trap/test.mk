# SPDX-License-Identifier: GPL-2.0-or-later
NAME = crash-early-trap
CATEGORY = functional
MEM = 64M
EXPECT = KILL: unhandled trap 0 (divide error) at 0x..., error 0x0
