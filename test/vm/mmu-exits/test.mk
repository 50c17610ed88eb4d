# SPDX-License-Identifier: GPL-2.0-or-later
NAME = mmu-exits
CATEGORY = functional
MEM = 64M
UMBRA = stats=on
EXPECT.2level = PASS
EXPECT.pae = PASS
# To touch everything once takes 832 faults (2-level: 773), all that follows
# takes 2. A fault that each of the 200 spaces takes would not fit.
STATMAX.pae.shadow.faults = 850
STATMAX.2level.shadow.faults = 790
STATMAX.shadow.mended = 3
STATMAX.shadow.recycled = 0
STATMAX.shadow.repaired = 0
