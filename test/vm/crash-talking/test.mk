# SPDX-License-Identifier: GPL-2.0-or-later
NAME = crash-talking
CATEGORY = functional
MEM = 64M
EXPECT = KILL: unhandled trap 6 ...
