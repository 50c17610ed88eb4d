// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every page of RAM is a page of its own.
 *
 * Each is stamped with its address, and all stamps are read back: two guest
 * pages on one frame, or a frame that is not memory, would show. A stride on
 * the command line ("stride=N" pages) keeps large memories affordable.
 */
#include "test/lib/vm.h"

static u32 stride(void)
{
	return vm_has_word("stride=16") ? 16 : 1;
}

void main(void)
{
	u32 first = (u32)vm_image_end;
	u32 end = vm_ram_size();
	u32 step = stride() * PAGE_SIZE;
	u32 page;

	vm_init();
	for (page = first; page < end; page += step) {
		*(volatile u32 *)page = page;
	}
	for (page = first; page < end; page += step) {
		u32 value = *(volatile u32 *)page;

		if (value != page) {
			vm_fail("0x%x at 0x%x", value, page);
		}
	}
	vm_printf("ram-pattern: %u MiB\n", end >> 20);
	vm_pass();
}
