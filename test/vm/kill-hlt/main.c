// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest that halts before it introduced itself ends, as by hypercall 10.
 *
 * No interrupt can be delivered to it, so it would sleep for ever, and the
 * machine with it.
 */
#include "test/lib/vm.h"

void main(void)
{
	__asm__ volatile("hlt");
	vm_init();
	vm_fail("woke up");
}
