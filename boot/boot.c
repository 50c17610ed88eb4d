/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the loader's information to hv_main().
 *
 * Everything that is called up to the check of the processor is compiled for
 * the i386 (EARLY_SRCS in the Makefile): the command line says where to
 * complain about a processor that cannot run the rest, and how to end.
 *
 * Next: boot/multiboot2.c, boot/multiboot.c, boot/early.c, hv/main.c.
 */
#include "arch/x86/cpu.h"
#include "boot/early.h"
#include "boot/grub.h"
#include "boot/multiboot.h"
#include "boot/multiboot2.h"
#include "hv/main.h"

/* Called from head.S with what the loader left in EAX and EBX. */
void boot_main(u32 magic, u32 info) __noreturn;

static struct boot_info boot_info;

/* Paging is off. To C, address 0 is no place: the copy is an instruction. */
static bool read_memory(void *dst, u32 addr, u32 len)
{
	if (dst) {
		rep_movsb(dst, addr, len);
	}
	return true;
}

void boot_main(u32 magic, u32 info)
{
	const char *error = "not started by a Multiboot loader";
	static struct options options;

	if (magic == MULTIBOOT1_LOADER_MAGIC) {
		error = multiboot1_parse(info, read_memory, &boot_info);
	} else if (magic == MULTIBOOT2_LOADER_MAGIC) {
		error = multiboot2_parse(info, read_memory, &boot_info);
	}
	grub_restore(&boot_info);
	options_parse(&options, boot_info.cmdline, boot_info.cmdline_has_name,
		      NULL);
	early_check(&options, &boot_info.screen);
	hv_main(&boot_info, error);
}
