# SPDX-License-Identifier: GPL-2.0-or-later
NAME = ram-pattern
CATEGORY = functional
MEM = 64M
EXPECT = PASS
