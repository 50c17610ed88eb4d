// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A shutdown whose text is not in RAM ends the guest as a failure, unless it
 * asked for a restart: Linux passes an address outside RAM for a plain one.
 */
#include "test/lib/vm.h"

#define PA_OF_NULL 0x40000000u

void main(void)
{
	u32 end = vm_ram_size();

	vm_init();
	if (vm_has_word("outside")) {
		hypercall(HC_SHUTDOWN, end, SHUTDOWN_POWEROFF, 0, 0);
	} else if (vm_has_word("straddle")) {
		hypercall(HC_SHUTDOWN, end - SHUTDOWN_TEXT + 1,
			  SHUTDOWN_POWEROFF, 0, 0);
	} else if (vm_has_word("wrap")) {
		hypercall(HC_SHUTDOWN, 0xffffffffu, SHUTDOWN_POWEROFF, 0, 0);
	} else if (vm_has_word("reason")) {
		hypercall(HC_SHUTDOWN, PA_OF_NULL, 0, 0, 0);
	} else if (vm_has_word("restart-straddle")) {
		hypercall(HC_SHUTDOWN, end - SHUTDOWN_TEXT + 1,
			  SHUTDOWN_RESTART, 0, 0);
	} else if (vm_has_word("restart-wrap")) {
		hypercall(HC_SHUTDOWN, 0xffffffffu, SHUTDOWN_RESTART, 0, 0);
	} else if (vm_has_word("restart")) {
		hypercall(HC_SHUTDOWN, PA_OF_NULL, SHUTDOWN_RESTART, 0, 0);
	}
	vm_fail("still alive after \"%s\"", vm_cmdline());
}
