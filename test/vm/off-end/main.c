// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text of a shutdown may be the last 128 bytes of RAM; any reason but that
 * of a restart is a power off.
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
	hypercall(HC_SHUTDOWN, (u32)message, vm_case_number(), 0, 0);
}
