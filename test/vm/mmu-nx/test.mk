# SPDX-License-Identifier: GPL-2.0-or-later
NAME = mmu-nx
CATEGORY = functional
MEM = 64M
# 2level is in the list because such entries have no bit for it.
CPU = qemu64
EXPECT.2level = PASS
EXPECT.pae = PASS
