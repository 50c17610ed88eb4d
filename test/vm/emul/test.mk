# SPDX-License-Identifier: GPL-2.0-or-later
NAME = emul
CATEGORY = functional
MEM = 64M
CLOCK = instructions
EXPECT.2level = PASS
EXPECT.pae = PASS
EXPECT.msr = PASS
EXPECT.reset = RESTART: ...
