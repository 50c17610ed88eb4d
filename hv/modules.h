/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which module is what: kernel, initrd or disk, by role=... or by position.
 */
#pragma once

#include "hv/boot_info.h"

#define MODULE_DISKS_MAX BOOT_MODULES_MAX

struct module {
	hpa_t base;
	u32 size;		    /* bytes */
	char name[64];		    /* first word, escaped, cut to fit */
	char args[BOOT_STRING_MAX]; /* the rest, as written, without role= */
	bool is_read_only;	    /* a disk with the word ro */
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
 * initrd, disks in order. Returns NULL, or why the guest cannot be started
 * (two kernels, two initrds, an unknown role: the text names the module; it
 * is fit to print, and valid until the next call). No module at all is not an
 * error here: has_kernel is then false.
 */
const char *modules_assign(const struct boot_info *info,
			   struct guest_modules *out) __must_check;
