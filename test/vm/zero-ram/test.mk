# SPDX-License-Identifier: GPL-2.0-or-later
NAME = zero-ram
CATEGORY = functional
MEM = 64M
EXPECT = PASS
