# SPDX-License-Identifier: GPL-2.0-or-later
NAME = kill-hcall
CATEGORY = functional
MEM = 64M
EXPECT.3 = KILL: unknown hypercall 3 (0x3)
EXPECT.11 = KILL: unknown hypercall 11 (0xb)
EXPECT.12 = KILL: unknown hypercall 12 (0xc)
EXPECT.17 = KILL: unknown hypercall 17 (0x11)
EXPECT.20 = KILL: unknown hypercall 20 (0x14)
EXPECT.63 = KILL: unknown hypercall 63 (0x3f)
EXPECT.65 = KILL: unknown hypercall 65 (0x41)
EXPECT.127 = KILL: unknown hypercall 127 (0x7f)
EXPECT.4294967295 = KILL: unknown hypercall 4294967295 (0xffffffff)
