# SPDX-License-Identifier: GPL-2.0-or-later
NAME = pass
CATEGORY = functional
MEM = 64M
EXPECT = PASS
