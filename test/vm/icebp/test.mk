# SPDX-License-Identifier: GPL-2.0-or-later
NAME = icebp
CATEGORY = functional
MEM = 64M
EXPECT.2level = PASS
EXPECT.pae = PASS
EXPECT.nogate = KILL: unhandled trap 1 (...) at ... | KILL: unhandled trap 6 (...) at ...
