# SPDX-License-Identifier: GPL-2.0-or-later
NAME = escape-stack16
CATEGORY = escape
MEM = 64M
EXPECT = PASS
