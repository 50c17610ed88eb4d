# SPDX-License-Identifier: GPL-2.0-or-later
NAME = escape-ring
CATEGORY = escape
MEM = 64M
EXPECT.2level-numbers = KILL: unknown hypercall ...
EXPECT.pae-numbers = KILL: unknown hypercall ...
EXPECT.2level-arguments = PASS | KILL: ...
EXPECT.pae-arguments = PASS | KILL: ...
EXPECT.2level-status = PASS
EXPECT.pae-status = PASS
EXPECT.2level-page = PASS
EXPECT.pae-page = PASS
EXPECT.2level-table = PASS
EXPECT.pae-table = PASS
EXPECT.2level-unseen = PASS
EXPECT.pae-unseen = PASS
