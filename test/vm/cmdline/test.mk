# SPDX-License-Identifier: GPL-2.0-or-later
NAME = cmdline
CATEGORY = functional
MEM = 64M
CMDLINE = echo -- a=b,c 'd  e' "f" \g $h;i
EXPECT = OFF: echo -- a=b,c 'd  e' "f" \\g $h;i
