# SPDX-License-Identifier: GPL-2.0-or-later
NAME = virtio-disk
CATEGORY = functional
MEM = 64M
DISK = 102400
EXPECT = PASS
