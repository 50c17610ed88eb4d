# SPDX-License-Identifier: GPL-2.0-or-later
NAME = crash-null-call
CATEGORY = functional
MEM = 64M
EXPECT.2level = KILL: unhandled trap 14 (page fault) at 0x00000000, error 0x0
EXPECT.pae = KILL: unhandled trap 14 (page fault) at 0x00000000, error 0x...
