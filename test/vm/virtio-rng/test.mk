# SPDX-License-Identifier: GPL-2.0-or-later
NAME = virtio-rng
CATEGORY = functional
MEM = 64M
EXPECT = PASS
