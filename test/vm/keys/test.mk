# SPDX-License-Identifier: GPL-2.0-or-later
# Typed at by test/test_keys.py.
NAME = keys
CATEGORY = functional
MEM = 64M
EXPECT.nothing = PASS
