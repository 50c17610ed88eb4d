// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A power-off text without an end is cut after 127 characters.
 *
 * The hypervisor reads 128 bytes and no more, whatever is behind them.
 */
#include "test/lib/vm.h"

void main(void)
{
	static char message[2 * SHUTDOWN_TEXT];

	vm_init();
	memset(message, 'x', sizeof(message));
	hypercall(HC_SHUTDOWN, (u32)message, SHUTDOWN_POWEROFF, 0, 0);
}
