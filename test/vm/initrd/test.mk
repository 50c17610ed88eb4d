# SPDX-License-Identifier: GPL-2.0-or-later
NAME = initrd
CATEGORY = functional
MEM = 64M
INITRD = 100001
EXPECT = OFF: initrd of 100001 bytes, sum 0xc28d17
