# SPDX-License-Identifier: GPL-2.0-or-later
NAME = escape-syscall
CATEGORY = escape
MEM = 64M
EXPECT.2level-none = KILL: unhandled trap 13 (...) at 0x..., error 0x402
EXPECT.pae-none = KILL: unhandled trap 13 (...) at 0x..., error 0x402
EXPECT.2level-user = PASS
EXPECT.pae-user = PASS
EXPECT.2level-absent = PASS
EXPECT.pae-absent = PASS
EXPECT.2level-window = PASS
EXPECT.pae-window = PASS
EXPECT.2level-fetch = PASS
EXPECT.pae-fetch = PASS
EXPECT.2level-step = PASS
EXPECT.pae-step = PASS
EXPECT.2level-stack = KILL: ...
EXPECT.pae-stack = KILL: ...
EXPECT.2level-handler = KILL: ...
EXPECT.pae-handler = KILL: ...
UMBRA = audit=full
