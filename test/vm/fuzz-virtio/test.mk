# SPDX-License-Identifier: GPL-2.0-or-later
NAME = fuzz-virtio
CATEGORY = escape
MEM = 64M
DISK = 102400
EXPECT.1 = PASS
EXPECT.2 = PASS
EXPECT.3 = PASS
OUTPUT = still well
