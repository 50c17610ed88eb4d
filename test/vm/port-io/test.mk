# SPDX-License-Identifier: GPL-2.0-or-later
NAME = port-io
CATEGORY = escape
MEM = 64M
EXPECT = PASS
FORBID = FORGED
