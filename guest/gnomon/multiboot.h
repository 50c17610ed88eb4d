/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Multiboot 0.6.96, as far as it is used. Safe to include from assembly.
 */
#pragma once

#define MB_HEADER_MAGIC	 0x1badb002
#define MB_LOADER_MAGIC	 0x2badb002 /* in EAX */
#define MB_ALIGN_MODULES 0x1
#define MB_WANT_MEMORY	 0x2

#define MB_FLAG_CMDLINE 0x4
#define MB_FLAG_MODULES 0x8

#ifndef __ASSEMBLY__
#include <stdint.h>

struct multiboot_info {
	uint32_t flags;
	uint32_t mem_lower, mem_upper; /* KiB */
	uint32_t boot_device;
	uint32_t cmdline; /* pa */
	uint32_t module_count, modules;
};

struct multiboot_module {
	uint32_t start, end; /* pa */
	uint32_t string;
	uint32_t reserved;
};
#endif
