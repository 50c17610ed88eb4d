# SPDX-License-Identifier: GPL-2.0-or-later
NAME = off-end
CATEGORY = functional
MEM = 64M
EXPECT.0 = OFF: the last bytes of RAM
EXPECT.1 = OFF: the last bytes of RAM
EXPECT.2 = RESTART: the last bytes of RAM
EXPECT.3 = OFF: the last bytes of RAM
EXPECT.258 = OFF: the last bytes of RAM
EXPECT.4294967295 = OFF: the last bytes of RAM
