# SPDX-License-Identifier: GPL-2.0-or-later
NAME = escape-sysenter
CATEGORY = escape
MEM = 64M
EXPECT.2level = PASS
EXPECT.pae = PASS
