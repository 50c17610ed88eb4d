/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which module is what: kernel, initrd or disk, by role=... or by position.
 */
#pragma once

#include "hv/load/boot_info.h"

#define MODULE_DISKS_MAX 28 /* as many as fit on a guest's bus */

struct module {
	hpa_t base;	   /* of no meaning when it is empty */
	u32 size;	   /* bytes */
	u8 *bytes;	   /* set by places_map() */
	char name[64];	   /* first word, escaped, cut to fit */
	char *args;	   /* the rest, as written, without role= */
	bool is_read_only; /* a disk with the word ro */
};

struct guest_modules {
	bool has_kernel;
	bool has_initrd;
	struct module kernel;
	struct module initrd;
	u32 disk_count;
	struct module disk[MODULE_DISKS_MAX];
};

/*
 * Place every module of @info: those with a role first, the rest fill kernel,
 * initrd, disks in order. Double quotes may stand around a word or a value.
 * Texts are changed in place, and @out points into them. Returns NULL, or why
 * the guest cannot be started (two kernels, two initrds, an unknown role: the
 * text names the module; it is fit to print, and valid until the next call).
 * No module at all is not an error here: has_kernel is then false. Disks
 * beyond MODULE_DISKS_MAX are reported and left out.
 */
const char *modules_assign(struct boot_info *info, struct guest_modules *out)
	__must_check;

/*
 * The message for too little memory: how much the loader reported, and how much
 * of it the modules of @info take, with the biggest by name. It is escaped, and
 * valid until the next call.
 */
const char *modules_no_memory(const struct boot_info *info);
