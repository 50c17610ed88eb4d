# SPDX-License-Identifier: GPL-2.0-or-later
NAME = bench-syscall
CATEGORY = perf
MEM = 64M
EXPECT.2level = PASS
EXPECT.pae = PASS
LIMIT.syscall.trap_gate = 40
LIMIT.syscall.interrupt_gate = 40
