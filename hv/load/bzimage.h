/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux bzImage kernels: checking and describing, never loading.
 * Rules: Linux's x86 boot protocol; lguest ABI 1.1 to 1.3.
 */
#pragma once

#include "hv/lib/types.h"

#define BZIMAGE_LOAD_GPA 0x100000u /* where the protected-mode part goes */

struct bzimage {
	u32 entry;	  /* guest-physical */
	u32 offset, size; /* of the protected-mode part in the file */
	u32 header_end;	  /* file offset; the header begins at BP_HDR_START */
	u32 version;	  /* of the boot protocol */
	u8 loadflags;
	u32 memory_end; /* guest-physical: what it needs until it runs */
};

/* Does the file look like a bzImage at all? */
bool bzimage_is_bzimage(const void *file, size_t size);

/*
 * Check such a file of @size bytes for guest-physical memory [0, mem_size).
 * Returns NULL, or what is wrong with it; @out is then undefined.
 */
const char *bzimage_check(const void *file, size_t size, u32 mem_size,
			  struct bzimage *out) __must_check;
