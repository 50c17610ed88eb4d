// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest can ask for a restart, which is an end of its own.
 *
 * The runner asks Umbra to leave the emulator instead of starting again.
 */
#include "test/lib/vm.h"

void main(void)
{
	vm_init();
	vm_shutdown("once more", SHUTDOWN_RESTART);
}
