# SPDX-License-Identifier: GPL-2.0-or-later
NAME = restart
CATEGORY = functional
MEM = 64M
EXPECT = RESTART: once more
