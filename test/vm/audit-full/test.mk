# SPDX-License-Identifier: GPL-2.0-or-later
NAME = audit-full
CATEGORY = functional
MEM = 64M
CLOCK = instructions
UMBRA = audit=full
EXPECT.2level = PASS
EXPECT.pae = PASS
