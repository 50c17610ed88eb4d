// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text written through the console's configuration window reaches the user
 * untouched, before hypercall 1 as well as after it.
 *
 * It is the only voice a guest has until it has a driver.
 */
#include "test/lib/vm.h"

void main(void)
{
	vm_puts("console: the quick");
	vm_init();
	vm_printf(" brown fox, 0x%x %u %d %s\n", 42u, 42u, -1, "done");
	vm_pass();
}
