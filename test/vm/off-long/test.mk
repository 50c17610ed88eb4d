# SPDX-License-Identifier: GPL-2.0-or-later
NAME = off-long
CATEGORY = functional
MEM = 64M
EXPECT = OFF: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
