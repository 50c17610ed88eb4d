# SPDX-License-Identifier: GPL-2.0-or-later
NAME = syscall-irq
CATEGORY = functional
MEM = 64M
EXPECT.2level-interrupt = PASS
EXPECT.pae-interrupt = PASS
EXPECT.2level-trap = PASS
EXPECT.pae-trap = PASS
