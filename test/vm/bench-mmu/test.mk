# SPDX-License-Identifier: GPL-2.0-or-later
NAME = bench-mmu
CATEGORY = perf
MEM = 64M
EXPECT.2level = PASS
EXPECT.pae = PASS
