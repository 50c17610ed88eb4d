// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A power-off text may be the last 128 bytes of RAM.
 *
 * The check of a range must not be off by one; kill-shutdown asks for one
 * byte more.
 */
#include "test/lib/vm.h"

void main(void)
{
	char *message = (char *)(vm_ram_size() - SHUTDOWN_TEXT);

	vm_init();
	vm_format(message, SHUTDOWN_TEXT, "the last bytes of RAM");
	hypercall(HC_SHUTDOWN, (u32)message, SHUTDOWN_POWEROFF, 0, 0);
}
