# SPDX-License-Identifier: GPL-2.0-or-later
NAME = async
CATEGORY = functional
MEM = 64M
EXPECT.drained = PASS
EXPECT.shutdown = OFF: from the ring
EXPECT.init = KILL: second LGUEST_INIT
EXPECT.unknown = KILL: unknown hypercall 99 (0x63)
