# SPDX-License-Identifier: GPL-2.0-or-later
NAME = off-end
CATEGORY = functional
MEM = 64M
EXPECT = OFF: the last bytes of RAM
