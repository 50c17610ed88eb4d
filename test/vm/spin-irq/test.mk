# SPDX-License-Identifier: GPL-2.0-or-later
NAME = spin-irq
CATEGORY = functional
MEM = 64M
CLOCK = instructions
EXPECT = PASS
UMBRA = stats=on
STAT.exit.interrupt = 200
