// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text of a power off is shown to the user, and ends at its NUL. It stands
 * on a line of its own even when the guest left one unfinished.
 *
 * It is how a guest says why it went.
 */
#include "test/lib/vm.h"

void main(void)
{
	static char message[SHUTDOWN_TEXT] = "see you later\0not this";

	vm_init();
	vm_puts("half a line");
	hypercall(HC_SHUTDOWN, (u32)message, SHUTDOWN_POWEROFF, 0, 0);
}
