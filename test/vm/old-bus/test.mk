# SPDX-License-Identifier: GPL-2.0-or-later
NAME = old-bus
CATEGORY = functional
MEM = 64M
DISK = 102400
INPUT = x
EXPECT.console = PASS
EXPECT.disk = PASS
EXPECT.rng = PASS
EXPECT.notify = PASS
EXPECT.status = PASS
OUTPUT = old bus: alive
FORBID = not a text
