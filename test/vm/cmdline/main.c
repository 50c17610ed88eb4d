// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The command line arrives character by character as the user wrote it.
 *
 * It passes through a shell, an emulator or GRUB, and Umbra's own search for
 * role=, each with quoting rules of its own. The runner compares the text.
 */
#include "test/lib/vm.h"

void main(void)
{
	vm_init();
	vm_shutdown(vm_cmdline(), SHUTDOWN_POWEROFF);
}
