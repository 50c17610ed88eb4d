# SPDX-License-Identifier: GPL-2.0-or-later
NAME = ud2
CATEGORY = functional
MEM = 64M
EXPECT = KILL: unhandled trap 6 (...) at 0x..., error 0x0
