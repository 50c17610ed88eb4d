# SPDX-License-Identifier: GPL-2.0-or-later
NAME = escape-wild-entries
CATEGORY = escape
MEM = 64M
EXPECT.2level = PASS
EXPECT.pae = PASS
UMBRA = audit=full
