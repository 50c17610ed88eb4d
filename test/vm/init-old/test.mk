# SPDX-License-Identifier: GPL-2.0-or-later
NAME = init-old
CATEGORY = functional
MEM = 64M
EXPECT.2level-pass = PASS
EXPECT.pae-pass = PASS
EXPECT.2level-end = PASS
EXPECT.2level-straddle = KILL: lguest_data at 0x... is not all in RAM
EXPECT.2level-vector = KILL: system-call vector 0x... is not 0x80
EXPECT.2level-kernel = KILL: kernel address 0xffff0000 is in the reserved area
