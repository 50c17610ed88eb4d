# SPDX-License-Identifier: GPL-2.0-or-later
NAME = wild-catch
CATEGORY = functional
MEM = 64M
EXPECT = PASS
