# SPDX-License-Identifier: GPL-2.0-or-later
NAME = escape-ldt
CATEGORY = escape
MEM = 64M
EXPECT = PASS
