/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bringing a guest's modules into its memory.
 */
#pragma once

#include "hv/lib/log.h"
#include "hv/load/bzimage.h"
#include "hv/load/elf.h"
#include "hv/load/modules.h"
#include "mm/p2m.h"

/*
 * The bytes of memory that the @kernel's command line allows it, or ~0 for no
 * limit. Call it after places_map(). Only for a Linux kernel has mem= this
 * meaning, see hv/load/linux_args.h. The words are taken out, which is logged.
 */
u64 load_memory_limit(struct module *kernel);

/* A kernel that is in guest memory. */
struct load_kernel {
	u32 entry;	   /* guest-physical */
	u32 end;	   /* of what it needs, guest-physical */
	const u8 *header;  /* setup header; NULL: an ELF file has none */
	struct bzimage bz; /* with a header */
};

/* The inputs of loading a guest, and room for its error message. */
struct load {
	struct elf_image elf;
	struct load_kernel kernel;
	u8 boot_params[PAGE_SIZE];
	char problem[LOG_LINE_MAX];
};

/*
 * Load kernel, initrd, command line and boot parameters into guest memory,
 * which reads as zero. Returns NULL and the guest-physical entry point in
 * *@entry, or why it cannot be done, naming the module; that text may be in
 * *@l.
 */
const char *load_guest(struct load *l, struct p2m *p2m,
		       const struct guest_modules *m, u32 *entry) __must_check;
