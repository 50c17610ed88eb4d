/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory mappings of Linux i386. PROT_* are VM_READ, VM_WRITE, VM_EXEC.
 */
#pragma once

#define MAP_SHARED	    0x01u
#define MAP_PRIVATE	    0x02u
#define MAP_TYPE	    0x0fu
#define MAP_FIXED	    0x10u
#define MAP_ANONYMOUS	    0x20u
#define MAP_GROWSDOWN	    0x100u
#define MAP_FIXED_NOREPLACE 0x100000u

#define MREMAP_MAYMOVE 1u

#define MADV_DONTNEED 4u
#define MADV_FREE     8u
