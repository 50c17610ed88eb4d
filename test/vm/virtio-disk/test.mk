# SPDX-License-Identifier: GPL-2.0-or-later
NAME = virtio-disk
CATEGORY = functional
MEM = 64M
DISK = 102400, 2621440 ro
CLOCK = instructions
UMBRA = stats=on
EXPECT = PASS
EXPECT.parts = PASS
OUTPUT = 2560 KiB, read-only
FORBID = means nothing
STAT.disk.refused = 3
STATMAX.disk.refused = 3
