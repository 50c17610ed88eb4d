/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bringing a guest's modules into its memory.
 */
#pragma once

#include "hv/dev/devices.h"
#include "hv/modules.h"
#include "mm/p2m.h"

/*
 * Load kernel, initrd, command line and boot parameters into guest memory,
 * which reads as zero. Returns NULL and the guest-physical entry point in
 * *@entry, or why it cannot be done, naming the module.
 */
const char *load_guest(struct p2m *p2m, const struct guest_modules *m,
		       u32 *entry) __must_check;

/*
 * Make disks of the modules that are some. Returns NULL, or why it cannot be
 * done, naming the module.
 */
const char *load_disks(const struct guest_modules *m, struct devices_config *c)
	__must_check;
