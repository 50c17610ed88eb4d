# SPDX-License-Identifier: GPL-2.0-or-later
NAME = kill-shutdown
CATEGORY = functional
MEM = 64M
EXPECT.outside = KILL: SHUTDOWN text at 0x... is not in RAM
EXPECT.straddle = KILL: SHUTDOWN text at 0x... is not in RAM
EXPECT.wrap = KILL: SHUTDOWN text at 0xffffffff is not in RAM
EXPECT.reason = KILL: SHUTDOWN text at 0x... is not in RAM
EXPECT.restart = RESTART: (no text)
EXPECT.restart-straddle = RESTART: (no text)
EXPECT.restart-wrap = RESTART: (no text)
