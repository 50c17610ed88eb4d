/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF32 executables for i386: checking and describing, never loading.
 * Rules: lguest ABI 1.2 "Image acceptance"; System V ABI, "Program Header".
 */
#pragma once

#include "hv/lib/types.h"

#define ELF_SEGMENTS_MAX 32
#define ELF_REASON_MAX	 80

struct elf_segment {
	u32 paddr;  /* guest-physical, bytes */
	u32 offset; /* in the file, bytes */
	u32 filesz; /* bytes to copy */
	u32 memsz;  /* bytes occupied, >= filesz, the rest is zero */
};

struct elf_image {
	u32 entry; /* guest-physical */
	u32 segment_count;
	struct elf_segment segment[ELF_SEGMENTS_MAX];
	char reason[ELF_REASON_MAX]; /* room for what elf_check() returns */
};

/* Does the file begin like an ELF file at all? */
bool elf_is_elf(const void *file, size_t size);

/*
 * Check a whole ELF file of @size bytes for loading into guest-physical
 * [0, mem_size). Fills @out with the non-empty PT_LOAD segments: disjoint,
 * inside the file and inside guest memory, clear of the two pages at 0 that
 * hold boot_params and the command line, @out->entry within one of them.
 * Returns NULL, or the first thing that is wrong with the file, as a text for
 * the user (printable; constant or in @out); nothing else in @out is valid.
 */
const char *elf_check(const void *file, size_t size, u32 mem_size,
		      struct elf_image *out) __must_check;
