# SPDX-License-Identifier: GPL-2.0-or-later
NAME = fpu
CATEGORY = functional
MEM = 64M
EXPECT = PASS
