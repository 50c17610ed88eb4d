# SPDX-License-Identifier: GPL-2.0-or-later
NAME = umbra-query
CATEGORY = functional
MEM = 64M
EXPECT.inside = PASS
EXPECT.outside = KILL: umbra_info at 0x... is not in RAM
