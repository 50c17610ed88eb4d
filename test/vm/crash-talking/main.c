// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest that says much before it dies: what it said byte by byte does not
 * push what it did out of its report.
 */
#include "test/lib/vm.h"

#define LINES 10

void main(void)
{
	vm_init();
	hypercall(HC_SET_CLOCKEVENT, 0x7fff1234, 0, 0, 0);
	for (u32 i = 0; i < LINES; i++) {
		vm_puts("the quick brown fox jumps over the lazy dog\n");
	}
	__asm__ volatile("ud2");
}
