/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bringing a guest's modules into its memory.
 */
#pragma once

#include "hv/load/modules.h"
#include "mm/p2m.h"

/*
 * After places_map(): the bytes of memory that the @kernel's command
 * line allows it; ~0: any number. Only a Linux means that by mem=, see
 * hv/load/linux_args.h. The words are taken out, with a line in the log.
 */
u64 load_memory_limit(struct module *kernel);

/*
 * Load kernel, initrd, command line and boot parameters into guest memory,
 * which reads as zero. Returns NULL and the guest-physical entry point in
 * *@entry, or why it cannot be done, naming the module.
 */
const char *load_guest(struct p2m *p2m, const struct guest_modules *m,
		       u32 *entry) __must_check;
