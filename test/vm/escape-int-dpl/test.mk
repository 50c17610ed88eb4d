# SPDX-License-Identifier: GPL-2.0-or-later
NAME = escape-int-dpl
CATEGORY = escape
MEM = 64M
EXPECT = PASS
