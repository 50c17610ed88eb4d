# SPDX-License-Identifier: GPL-2.0-or-later
NAME = virtio-console
CATEGORY = functional
MEM = 64M
EXPECT = PASS
INPUT = hello, guest.
OUTPUT = queues: HELLO, GUEST.
