# SPDX-License-Identifier: GPL-2.0-or-later
NAME = spin-irq
CATEGORY = functional
MEM = 64M
EXPECT = PASS
INPUT = typed while the guest runs
UMBRA = stats=on
STAT.exit.interrupt = 1
