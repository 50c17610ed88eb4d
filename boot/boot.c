/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the loader's information to hv_main().
 *
 * Next: boot/multiboot2.c, boot/multiboot.c, hv/main.c.
 */
#include "boot/multiboot.h"
#include "boot/multiboot2.h"
#include "hv/main.h"

/* Called from head.S with what the loader left in EAX and EBX. */
void boot_main(u32 magic, u32 info) __noreturn;

static struct boot_info boot_info;

/* Paging is off: physical addresses are pointers. Page 0 is not trusted. */
static const void *phys(u32 addr, u32 len)
{
	if (addr == 0 || len > ~addr) {
		return NULL;
	}
	return (const void *)(uintptr_t)addr;
}

void boot_main(u32 magic, u32 info)
{
	const char *error = "not started by a Multiboot loader";

	if (magic == MULTIBOOT1_LOADER_MAGIC) {
		error = multiboot1_parse(info, phys, &boot_info);
	} else if (magic == MULTIBOOT2_LOADER_MAGIC) {
		error = multiboot2_parse(info, phys, &boot_info);
	}
	hv_main(&boot_info, error);
}
