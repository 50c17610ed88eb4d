// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A wild pointer is a page fault; with no gate, or no stack, to deliver it
 * the guest ends.
 *
 * All of these are far beyond RAM and beyond any device.
 */
#include "test/lib/vm.h"

#define WILD	 0xb0000000u
#define RESERVED 0xfffff000u

void main(void)
{
	vm_init();
	if (vm_has_word("read")) {
		(void)*(volatile u32 *)WILD;
	} else if (vm_has_word("write")) {
		*(volatile u32 *)WILD = 0;
	} else if (vm_has_word("jump")) {
		((void (*)(void))WILD)();
	} else if (vm_has_word("reserved")) {
		(void)*(volatile u32 *)RESERVED;
	} else if (vm_has_word("stack")) {
		vm_traps_init();
		__asm__ volatile("movl %0, %%esp\n\tud2" : : "r"(WILD));
	}
	vm_fail("still alive after \"%s\"", vm_cmdline());
}
