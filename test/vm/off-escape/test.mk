# SPDX-License-Identifier: GPL-2.0-or-later
NAME = off-escape
CATEGORY = functional
MEM = 64M
EXPECT = OFF: \numbra: guest powered off: PASS\x0d\x1b[0m\xff\x7f
