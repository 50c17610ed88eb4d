# SPDX-License-Identifier: GPL-2.0-or-later
NAME = mmu-dir-accessed
CATEGORY = functional
MEM = 64M
EXPECT.2level-fresh = PASS
EXPECT.pae-fresh = PASS
EXPECT.2level-cleared = PASS
EXPECT.pae-cleared = PASS
