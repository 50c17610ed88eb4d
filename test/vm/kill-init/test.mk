# SPDX-License-Identifier: GPL-2.0-or-later
NAME = kill-init
CATEGORY = functional
MEM = 64M
EXPECT.early = KILL: hypercall 0 before LGUEST_INIT
EXPECT.early-shutdown = KILL: hypercall 2 before LGUEST_INIT
EXPECT.twice = KILL: second LGUEST_INIT
EXPECT.outside = KILL: lguest_data at 0x... is not all in RAM
EXPECT.straddle = KILL: lguest_data at 0x... is not all in RAM
EXPECT.wrap = KILL: lguest_data at 0xfffff000 is not all in RAM
EXPECT.vector = KILL: system-call vector 0x81 is not 0x80
EXPECT.kernel = KILL: kernel address 0xffff0000 is in the reserved area
