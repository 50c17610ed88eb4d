# SPDX-License-Identifier: GPL-2.0-or-later
NAME = kill-wild
CATEGORY = functional
MEM = 64M
EXPECT.read = KILL: unhandled trap 14 (...) at 0x..., error 0x0
EXPECT.write = KILL: unhandled trap 14 (...) at 0x..., error 0x2
EXPECT.jump = KILL: unhandled trap 14 (...) at 0xb0000000, error 0x...
EXPECT.reserved = KILL: unhandled trap 14 (...) at 0x..., error 0x0
EXPECT.stack = KILL: no stack at 0x... for trap 6 (...) at 0x...
