/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the readers of Multiboot 1 and 2 share: access to loader memory, and
 * the parts of a struct boot_info that both fill in alike.
 */
#pragma once

#include "hv/load/boot_info.h"

/*
 * How loader memory is read: copies @len bytes at host-physical @addr to
 * @dst, or only checks that they can be read when @dst is NULL. Returns false
 * when they cannot. @len is not zero and the range does not wrap; address 0
 * is as valid as any other.
 */
typedef bool (*boot_read_fn)(void *dst, u32 addr, u32 len);

/*
 * Copy @len bytes (not zero) at @addr, which may be beyond 32 bits. Returns
 * false when they are not readable.
 */
bool boot_fetch(boot_read_fn read, u64 addr, void *dst, u32 len);

/*
 * Note that items @first to @last of kind @subject were ignored or changed,
 * because of @why. Adjacent items with one reason share a note. The texts are
 * kept, not copied.
 */
void boot_note(struct boot_info *out, const char *subject, u32 first, u32 last,
	       const char *why);

/* Add a range to the map; @number is that of the loader's entry, from 1. */
void boot_add_memory(struct boot_info *out, u32 number, u64 base, u64 len,
		     enum mem_kind kind);

/*
 * Add module @number, counted from 1, at host-physical [@start, @end), and mark
 * it in the map as in use. Returns it, so that the caller adds its text, or
 * NULL when it was left out, which is then noted.
 */
struct boot_module *boot_add_module(struct boot_info *out, boot_read_fn read,
				    u32 number, u32 start, u32 end);

/* Does the loader's map name any usable memory? */
bool boot_has_memory(const struct boot_info *info);

#define BOOT_MODULE	  "module"
#define BOOT_MEMORY_ENTRY "memory map entry"
#define BOOT_COMMAND_LINE "command line"
#define BOOT_LOADER_NAME  "its name"
#define BOOT_BAD_SIZE	  "impossible size: all from there on is left out"
#define BOOT_TOO_MANY	  "more than 64: left out"
#define BOOT_CUT	  "its text is too long or has no end: cut"
