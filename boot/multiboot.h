/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Multiboot 1 loader information, copied into a struct boot_info.
 * Rules: Multiboot Specification 0.6.96, 3.3 "Boot information format".
 */
#pragma once

#include "hv/boot_info.h"

#define MULTIBOOT1_LOADER_MAGIC 0x2badb002u

/*
 * How loader memory is read. Returns a pointer to @len readable bytes at
 * host-physical @addr, or NULL when that range is not readable. @len is not
 * zero and the range does not wrap.
 */
typedef const void *(*boot_phys_fn)(u32 addr, u32 len);

/*
 * Read the Multiboot 1 information at host-physical @addr into @out, which
 * is cleared first. Everything is checked; what makes no sense is left out.
 * Adds the loader's memory map, and the modules' contents as MEM_IN_USE.
 * Returns NULL, or why this cannot be booted from (no memory map,
 * unreadable).
 */
const char *multiboot1_parse(u32 addr, boot_phys_fn phys, struct boot_info *out)
	__must_check;
