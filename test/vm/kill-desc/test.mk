# SPDX-License-Identifier: GPL-2.0-or-later
NAME = kill-desc
CATEGORY = functional
MEM = 64M
EXPECT.gdt = KILL: GDT entry 32 does not exist
EXPECT.gdt-wild = KILL: GDT entry 4294967295 does not exist
EXPECT.tls = KILL: TLS descriptors at 0x... not in RAM
EXPECT.tls-straddle = KILL: TLS descriptors at 0x... not in RAM
EXPECT.tls-wrap = KILL: TLS descriptors at 0xfffffff0 not in RAM
EXPECT.ds = KILL: trap 256: loading DS faulted: trap 11 (...), error 0xa0, selector 0x...
EXPECT.ds-limit = KILL: trap 256: loading DS faulted: trap 13 (...), error 0xa0, selector 0x...
EXPECT.es = KILL: trap 256: loading ES faulted: trap 11 (...), error 0xa0, selector 0x...
EXPECT.cs = KILL: trap 256: returning to CS:SS faulted: trap 11 (...), error 0x60, selector 0x61
EXPECT.cs-data = KILL: trap 256: returning to CS:SS faulted: trap 13 (...), error 0x60, selector 0x61
EXPECT.ss = KILL: trap 256: returning to CS:SS faulted: trap ... (...), error 0x68, selector 0x61
EXPECT.system = KILL: trap 256: loading DS faulted: trap ... (...), error 0xa0, selector 0x...
