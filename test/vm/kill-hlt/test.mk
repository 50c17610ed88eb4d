# SPDX-License-Identifier: GPL-2.0-or-later
NAME = kill-hlt
CATEGORY = functional
MEM = 64M
EXPECT = KILL: hlt before LGUEST_INIT at 0x...
