// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A power-off text can neither start a line of its own nor send control
 * sequences to the terminal.
 *
 * Otherwise a guest could forge any line of the hypervisor's.
 */
#include "test/lib/vm.h"

void main(void)
{
	vm_init();
	vm_shutdown("\numbra: guest powered off: PASS\r\x1b[0m\xff\x7f",
		    SHUTDOWN_POWEROFF);
}
