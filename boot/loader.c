/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parsers of Multiboot 1 and 2 share.
 *
 * Next: boot/multiboot.c, boot/multiboot2.c.
 */
#include "boot/loader.h"

#include <string.h>

_Static_assert(BOOT_MODULES_MAX == 64 && MEMMAP_MAX == 128, "as texts say");

bool boot_fetch(boot_read_fn read, u64 addr, void *dst, u32 len)
{
	const u64 space = (u64)1 << 32;

	return addr < space && len <= space - addr && read(dst, (u32)addr, len);
}

void boot_note(struct boot_info *out, const char *subject, u32 first, u32 last,
	       const char *why)
{
	struct boot_note *n = &out->note[out->note_count];

	if (out->note_count > 0 && n[-1].last == first - 1 && first > 1 &&
	    strcmp(n[-1].subject, subject) == 0 &&
	    strcmp(n[-1].why, why) == 0) {
		n[-1].last = last;
		return;
	}
	if (out->note_count == BOOT_NOTES_MAX) {
		out->notes_lost++;
		return;
	}
	*n = (struct boot_note){ subject, first, last, why };
	out->note_count++;
}

void boot_add_memory(struct boot_info *out, u32 number, u64 base, u64 len,
		     enum mem_kind kind)
{
	if (!memmap_add(&out->map, base, len, kind)) {
		boot_note(out, BOOT_MEMORY_ENTRY, number, number,
			  "no room for more than 128: left out");
	}
}

struct boot_module *boot_add_module(struct boot_info *out, boot_read_fn read,
				    u32 number, u32 start, u32 end)
{
	const char *why = NULL;
	struct boot_module *m;

	if (end < start) {
		why = "ends before it begins: left out";
	} else if (out->module_count == BOOT_MODULES_MAX) {
		why = BOOT_TOO_MANY;
	} else if (end > start && !read(NULL, start, end - start)) {
		why = "not readable: left out";
	} else if (!memmap_add(&out->map, start, end - start, MEM_IN_USE)) {
		why = "no room in the memory map: left out";
	}
	if (why) {
		boot_note(out, BOOT_MODULE, number, number, why);
		return NULL;
	}
	m = &out->module[out->module_count++];
	m->number = number;
	m->base = mk_hpa(start);
	m->size = end - start;
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
