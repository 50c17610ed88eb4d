# SPDX-License-Identifier: GPL-2.0-or-later
NAME = linux-shape
CATEGORY = perf
MEM = 64M
DISK = 102400
EXPECT.pae-new = PASS
EXPECT.2level-new = PASS
EXPECT.pae-old = PASS
EXPECT.2level-old = PASS
OUTPUT = console: replayed
