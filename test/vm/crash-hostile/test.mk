# SPDX-License-Identifier: GPL-2.0-or-later
NAME = crash-hostile
CATEGORY = escape
MEM = 64M
EXPECT.circle = KILL: unknown hypercall 77 (0x4d)
EXPECT.self = KILL: unknown hypercall 77 (0x4d)
EXPECT.far = KILL: unknown hypercall 77 (0x4d)
EXPECT.large = KILL: unknown hypercall 77 (0x4d)
EXPECT.top = KILL: unknown hypercall 77 (0x4d)
EXPECT.log-long = KILL: unknown hypercall 77 (0x4d)
EXPECT.log-far = KILL: unknown hypercall 77 (0x4d)
EXPECT.log-index = KILL: unknown hypercall 77 (0x4d)
EXPECT.log-text = KILL: unknown hypercall 77 (0x4d)
EXPECT.log-empty = KILL: unknown hypercall 77 (0x4d)
