// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A hypercall number nobody defined ends the guest and is named.
 *
 * The number is the command line: each hole in the table, its end, one of the
 * range that is Umbra's own, and the largest.
 */
#include "test/lib/vm.h"

static u32 decimal(const char *text)
{
	u32 value = 0;

	for (; *text >= '0' && *text <= '9'; text++) {
		value = value * 10 + (u32)(*text - '0');
	}
	return value;
}

void main(void)
{
	vm_init();
	hypercall(decimal(vm_cmdline()), 0, 0, 0, 0);
	vm_fail("still alive after %s", vm_cmdline());
}
