# SPDX-License-Identifier: GPL-2.0-or-later
NAME = bench-mmu
CATEGORY = perf
MEM = 64M
EXPECT.2level = PASS
EXPECT.pae = PASS
LIMIT.2level.hypercall = 150
LIMIT.pae.hypercall = 150
LIMIT.2level.fault.filled = 430
LIMIT.pae.fault.filled = 470
LIMIT.2level.fault.reflected = 400
LIMIT.pae.fault.reflected = 400
LIMIT.2level.new_pgtable.known = 300
LIMIT.pae.new_pgtable.known = 300
LIMIT.2level.flush_user.idle = 600
LIMIT.pae.flush_user.idle = 600
# A flush of everything: 600, and 10 for each table (at least 5, 305 when
# wide), and 12 for each of the 20 filled entries of a table that was written.
LIMIT.2level.flush_all.idle = 650
LIMIT.pae.flush_all.idle = 650
LIMIT.2level.flush_all.wide = 3650
LIMIT.pae.flush_all.wide = 3650
LIMIT.2level.flush_all.written = 890
LIMIT.pae.flush_all.written = 890
