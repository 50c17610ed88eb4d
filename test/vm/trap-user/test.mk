# SPDX-License-Identifier: GPL-2.0-or-later
NAME = trap-user
CATEGORY = functional
MEM = 64M
EXPECT.2level = PASS | QEMU 10: OFF: PASS, but the emulator executes WBINVD
EXPECT.pae = PASS | QEMU 10: OFF: PASS, but the emulator executes WBINVD
