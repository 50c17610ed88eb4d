# SPDX-License-Identifier: GPL-2.0-or-later
NAME = escape-insn
CATEGORY = escape
MEM = 64M
EXPECT = PASS | QEMU 10: OFF: PASS, but the emulator executes INVD or WBINVD
