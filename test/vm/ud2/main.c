// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest that traps at once, with no gate to take the trap, is killed and
 * the reason names the trap.
 *
 * Until a kernel has loaded gates this is all anyone learns of its bugs.
 */
#include "test/lib/vm.h"

void main(void)
{
	__asm__ volatile("ud2");
	vm_fail("ud2 was executed");
}
