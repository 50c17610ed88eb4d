# SPDX-License-Identifier: GPL-2.0-or-later
NAME = mmio-hole
CATEGORY = functional
MEM = 64M
EXPECT.2level = PASS
EXPECT.pae = PASS
