// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Multiboot 1: from the loader's tables to a struct boot_info.
 *
 * Owns: the layout of Multiboot 1 structures, known nowhere else. It
 * distrusts all of them: every address and length is checked before it is
 * followed, every loop ends by a constant of ours.
 *
 * I1  Loader memory is read through boot_fetch() only.
 * I2  Whatever is copied is terminated or counted: later code need not know
 *     where it came from.
 *
 * Rules: Multiboot Specification 0.6.96, 3.3 "Boot information format".
 * Next: mm/memmap.c for the map, hv/load/modules.c for the modules.
 */
#include "boot/multiboot.h"

#include <string.h>

#define INFO_MEMORY  (1u << 0)
#define INFO_CMDLINE (1u << 2)
#define INFO_MODULES (1u << 3)
#define INFO_MMAP    (1u << 6)
#define INFO_LOADER  (1u << 9)

/* The fields up to the last one that is used here, all of them u32. */
struct mb_info {
	u32 flags;
	u32 mem_lower; /* KiB from 0 */
	u32 mem_upper; /* KiB from 1 MiB */
	u32 boot_device;
	u32 cmdline;
	u32 mods_count;
	u32 mods_addr;
	u32 syms[4];
	u32 mmap_length;
	u32 mmap_addr;
	u32 drives_length;
	u32 drives_addr;
	u32 config_table;
	u32 boot_loader_name;
};

struct mb_module {
	u32 start;
	u32 end; /* first byte behind it */
	u32 text;
	u32 pad;
};

struct mb_mmap_entry {
	u32 size; /* of this entry, itself not counted */
	u32 base_low;
	u32 base_high;
	u32 len_low;
	u32 len_high;
	u32 type;
};

_Static_assert(sizeof(struct mb_info) == 68, "Multiboot 3.3");
_Static_assert(sizeof(struct mb_module) == 16, "Multiboot 3.3");
_Static_assert(sizeof(struct mb_mmap_entry) == 24, "Multiboot 3.3");

#define MB_MODULES_MAX	   256u /* looked at */
#define MB_MMAP_SIZE_MIN   20	/* smallest legal mb_mmap_entry.size */
#define MB_MMAP_AVAILABLE  1
#define MB_MMAP_LENGTH_MAX 0x10000u /* over 2700 entries: enough */
#define MB_MEM_LOWER_MAX   640u	    /* KiB; video memory follows */
#define MB_MEM_UPPER_BASE  0x100000u

/*
 * Copy a string byte by byte, as nothing says how long it is. @dst is all
 * zero before. Returns false when the string was cut: too long for @dst, or
 * no terminator before readable memory ends.
 */
static bool fetch_string(boot_read_fn read, u32 addr, char *dst, u32 size)
{
	for (u32 i = 0; i < size; i++) {
		if (!boot_fetch(read, (u64)addr + i, &dst[i], 1)) {
			return false;
		}
		if (dst[i] == '\0') {
			return true;
		}
	}
	dst[size - 1] = '\0';
	return false;
}

/*
 * Add the entries of the memory map. One whose size is impossible hides
 * where the next one begins, so it ends the walk. All types but one are
 * memory to keep out of.
 */
static void read_mmap(const struct mb_info *info, boot_read_fn read,
		      struct boot_info *out)
{
	u32 left = info->mmap_length;
	u64 at = info->mmap_addr;
	struct mb_mmap_entry e;
	u32 number = 1;

	if (left > MB_MMAP_LENGTH_MAX) {
		boot_note(out, "memory map", 0, 0,
			  "longer than 64 KiB: left out");
		return;
	}
	while (left > 0) {
		if (left < sizeof(e) || !boot_fetch(read, at, &e, sizeof(e)) ||
		    e.size < MB_MMAP_SIZE_MIN ||
		    e.size > left - sizeof(e.size)) {
			boot_note(out, BOOT_MEMORY_ENTRY, number, number,
				  BOOT_BAD_SIZE);
			return;
		}
		boot_add_memory(out, number++,
				(u64)e.base_high << 32 | e.base_low,
				(u64)e.len_high << 32 | e.len_low,
				e.type == MB_MMAP_AVAILABLE ? MEM_AVAILABLE
							    : MEM_RESERVED);
		left -= e.size + (u32)sizeof(e.size);
		at += e.size + sizeof(e.size);
	}
}

static void read_mem_sizes(const struct mb_info *info, struct boot_info *out)
{
	u32 lower = min_u32(info->mem_lower, MB_MEM_LOWER_MAX);

	boot_add_memory(out, 1, 0, (u64)lower << 10, MEM_AVAILABLE);
	boot_add_memory(out, 2, MB_MEM_UPPER_BASE, (u64)info->mem_upper << 10,
			MEM_AVAILABLE);
}

/*
 * A module's text at address 0 means that it has none: Multiboot 0.6.96 3.3,
 * under "mods_addr". This is the one pointer that no flag goes with.
 */
static void read_module(const struct mb_info *info, u32 i, boot_read_fn read,
			struct boot_info *out)
{
	const u32 number = i + 1;
	struct boot_module *bm;
	struct mb_module m;

	if (!boot_fetch(read, info->mods_addr + (u64)i * sizeof(m), &m,
			sizeof(m))) {
		boot_note(out, BOOT_MODULE, number, number,
			  "its description is not readable: left out");
		return;
	}
	bm = boot_add_module(out, read, number, m.start, m.end);
	if (bm && m.text != 0 &&
	    !fetch_string(read, m.text, bm->text, sizeof(bm->text))) {
		boot_note(out, BOOT_MODULE, number, number, BOOT_CUT);
	}
}

/* A module left out takes no room. The loader's count is not trusted. */
static void read_modules(const struct mb_info *info, boot_read_fn read,
			 struct boot_info *out)
{
	u32 count = min_u32(info->mods_count, MB_MODULES_MAX);

	for (u32 i = 0; i < count; i++) {
		read_module(info, i, read, out);
	}
	if (count < info->mods_count) {
		boot_note(out, BOOT_MODULE, count + 1, info->mods_count,
			  BOOT_TOO_MANY);
	}
}

/* mem_lower and mem_upper say less than the map: used only without one. */
static bool read_memory(const struct mb_info *info, boot_read_fn read,
			struct boot_info *out)
{
	if (info->flags & INFO_MMAP) {
		read_mmap(info, read, out);
	}
	if (!boot_has_memory(out) && (info->flags & INFO_MEMORY)) {
		read_mem_sizes(info, out);
	}
	return boot_has_memory(out);
}

static void read_names(const struct mb_info *info, boot_read_fn read,
		       struct boot_info *out)
{
	if ((info->flags & INFO_CMDLINE) &&
	    !fetch_string(read, info->cmdline, out->cmdline,
			  sizeof(out->cmdline))) {
		boot_note(out, BOOT_COMMAND_LINE, 0, 0, BOOT_CUT);
	}
	if ((info->flags & INFO_LOADER) &&
	    !fetch_string(read, info->boot_loader_name, out->loader,
			  sizeof(out->loader))) {
		boot_note(out, BOOT_LOADER_NAME, 0, 0, BOOT_CUT);
	}
}

const char *multiboot1_parse(u32 addr, boot_read_fn read, struct boot_info *out)
{
	struct mb_info info;

	memset(out, 0, sizeof(*out));
	if (!boot_fetch(read, addr, &info, sizeof(info))) {
		return "the boot loader's information is not readable";
	}
	/* First, because the command line says what to do on failure. */
	read_names(&info, read, out);
	if (!read_memory(&info, read, out)) {
		return "the boot loader reports no usable memory";
	}
	if (info.flags & INFO_MODULES) {
		read_modules(&info, read, out);
	}
	return NULL;
}
