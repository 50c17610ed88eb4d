/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared by the readers of loader information.
 *
 * Next: boot/multiboot.c, boot/multiboot2.c.
 */
#include "boot/loader.h"

#include <string.h>

bool boot_fetch(boot_phys_fn phys, u64 addr, void *dst, u32 len)
{
	const u64 space = (u64)1 << 32;
	const void *src;

	if (addr >= space || len > space - addr) {
		return false;
	}
	src = phys((u32)addr, len);
	if (!src) {
		return false;
	}
	memcpy(dst, src, len);
	return true;
}

struct boot_module *boot_add_module(struct boot_info *out, boot_phys_fn phys,
				    u32 start, u32 end)
{
	struct boot_module *m;

	if (out->module_count == BOOT_MODULES_MAX || end < start ||
	    (end > start && !phys(start, end - start))) {
		return NULL;
	}
	m = &out->module[out->module_count++];
	m->base = mk_hpa(start);
	m->size = end - start;
	memmap_add(&out->map, start, m->size, MEM_IN_USE);
	return m;
}

bool boot_has_memory(const struct boot_info *info)
{
	for (u32 i = 0; i < info->map.count; i++) {
		if (info->map.range[i].kind == MEM_AVAILABLE) {
			return true;
		}
	}
	return false;
}
