/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the loader's information to hv_main().
 *
 * Everything called before the processor has been checked is compiled for the
 * i386 (EARLY_SRCS in the Makefile). That includes the command line's parser:
 * it says where to report an unfit processor, and how to end then.
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

/* Paging is off. Address 0 is valid here but not in C, hence the assembly. */
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
