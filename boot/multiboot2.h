/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Multiboot 2 loader information, copied into a struct boot_info.
 * Rules: Multiboot2 Specification 2.0, 3.6 "Boot information format".
 */
#pragma once

#include "boot/loader.h"

#define MULTIBOOT2_LOADER_MAGIC 0x36d76289u

/*
 * Read the Multiboot 2 information at host-physical @addr into @out, which
 * is cleared first. Everything is checked; what makes no sense is left out,
 * which is noted.
 * Adds the loader's memory map, the framebuffer as MEM_RESERVED and the
 * modules' contents as MEM_IN_USE. Returns NULL, or why this cannot be
 * booted from (no memory map, unreadable).
 */
const char *multiboot2_parse(u32 addr, boot_read_fn read, struct boot_info *out)
	__must_check;
