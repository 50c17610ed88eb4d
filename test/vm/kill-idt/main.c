// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Only interrupt and trap gates can be loaded, for 256 vectors; the vectors
 * that are the hypervisor's ignore whatever is loaded.
 *
 * Linux loads a task gate for double faults, so ignoring comes first.
 */
#include "test/lib/vm.h"

#define TYPE_TASK 0x5
#define TYPE_CALL 0xc
#define TYPE_INT  0xe

static const u32 owned[] = { 2, 8, 15, 0x1f };

static void check_ignored(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(owned); i++) {
		vm_load_gate(owned[i], 0, TYPE_TASK, 0);
		vm_load_gate(owned[i], 0, TYPE_INT, 3);
	}
	/* Not present: the type does not matter. */
	hypercall(HC_LOAD_IDT_ENTRY, 6, 0, TYPE_TASK << 8, 0);
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
	vm_pass();
}

void main(void)
{
	vm_init();
	if (vm_has_word("vector")) {
		vm_load_gate(VECTORS, 0, TYPE_INT, 0);
	} else if (vm_has_word("task")) {
		vm_load_gate(TRAP_UD, 0, TYPE_TASK, 0);
	} else if (vm_has_word("call")) {
		vm_load_gate(VECTORS - 1, 0, TYPE_CALL, 3);
	} else if (vm_has_word("ignored")) {
		check_ignored();
	}
	vm_fail("still alive after \"%s\"", vm_cmdline());
}
