# SPDX-License-Identifier: GPL-2.0-or-later
NAME = bench-hcall
CATEGORY = perf
MEM = 64M
EXPECT = PASS
LIMIT.hcall.round_trip = 150
