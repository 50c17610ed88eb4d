// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RAM is zero wherever nothing was loaded, up to its very end.
 *
 * Kernels rely on it, and what is not zero once belonged to somebody else.
 * With "again" on the command line the guest then dirties all it may and asks
 * for a restart: the runner counts how many lives found clean memory.
 */
#include "test/lib/vm.h"

#define CMDLINE_END 0x1800u /* boot parameters and command line lie below */
#define JUNK	    0xdeadbeefu

static void check_zero(u32 from, u32 to)
{
	const volatile u32 *p = (const volatile u32 *)from;

	for (; p < (const volatile u32 *)to; p++) {
		if (*p != 0) {
			vm_fail("0x%x at 0x%x", *p, (u32)p);
		}
	}
}

static void fill(u32 from, u32 to)
{
	volatile u32 *p;

	for (p = (volatile u32 *)from; p < (volatile u32 *)to; p++) {
		*p = JUNK;
	}
}

void main(void)
{
	u32 end = vm_ram_size();

	vm_init();
	check_zero(CMDLINE_END, (u32)vm_image_start);
	check_zero((u32)vm_image_end, end);
	vm_puts("zero-ram: clean\n");
	if (!vm_has_word("again")) {
		vm_pass();
	}
	fill(CMDLINE_END, (u32)vm_image_start);
	fill((u32)vm_image_end, end);
	vm_shutdown("memory is dirty", SHUTDOWN_RESTART);
}
