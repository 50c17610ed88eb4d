/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Multiboot 1 loader information, copied into a struct boot_info.
 * Rules: Multiboot Specification 0.6.96, 3.3 "Boot information format".
 */
#pragma once

#include "boot/loader.h"

#define MULTIBOOT1_LOADER_MAGIC 0x2badb002u

/*
 * Read the Multiboot 1 information at host-physical @addr into @out, which
 * is cleared first. Everything is checked; what makes no sense is left out,
 * which is noted.
 * Adds the loader's memory map, and the modules' contents as MEM_IN_USE.
 * Returns NULL, or why this cannot be booted from (no memory map,
 * unreadable).
 */
const char *multiboot1_parse(u32 addr, boot_read_fn read, struct boot_info *out)
	__must_check;
