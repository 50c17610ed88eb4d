# SPDX-License-Identifier: GPL-2.0-or-later
NAME = many-exits
CATEGORY = functional
MEM = 64M
INPUT = typed while the guest leaves and returns
EXPECT = PASS
