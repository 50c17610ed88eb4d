# SPDX-License-Identifier: GPL-2.0-or-later
NAME = escape-virtq
CATEGORY = escape
MEM = 64M
EXPECT = PASS
OUTPUT = still well
FORBID = not to be seen
