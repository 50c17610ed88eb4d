# SPDX-License-Identifier: GPL-2.0-or-later
NAME = off-text
CATEGORY = functional
MEM = 64M
EXPECT = OFF: see you later
