# SPDX-License-Identifier: GPL-2.0-or-later
NAME = mmio-forms
CATEGORY = functional
MEM = 64M
EXPECT = PASS
