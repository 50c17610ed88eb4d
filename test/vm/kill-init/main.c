// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hypercall 1 comes first, once, and with an argument that makes sense;
 * everything else ends the guest with a reason that says so.
 *
 * The case is named by the command line.
 */
#include "test/lib/vm.h"

static void init(u32 address)
{
	hypercall(HC_LGUEST_INIT, address, 0, 0, 0);
}

static void init_with(u32 field, u32 value)
{
	vm_lguest_data_fill();
	lg_write(field, value);
	init((u32)vm_lguest_data);
}

/* A structure that begins @bytes below the end of RAM. */
static void init_at_end(u32 bytes)
{
	u32 address = vm_ram_size() - bytes;

	vm_lguest_data_fill();
	memcpy((void *)address, vm_lguest_data, bytes);
	init(address);
}

void main(void)
{
	if (vm_has_word("early")) {
		hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
	} else if (vm_has_word("early-shutdown")) {
		hypercall(HC_SHUTDOWN, 0, SHUTDOWN_POWEROFF, 0, 0);
	} else if (vm_has_word("twice")) {
		vm_init();
		vm_init();
	} else if (vm_has_word("outside")) {
		init(vm_ram_size());
	} else if (vm_has_word("straddle")) {
		init_at_end(LG_SIZE - 1);
	} else if (vm_has_word("wrap")) {
		init(0u - PAGE_SIZE);
	} else if (vm_has_word("vector")) {
		init_with(LG_SYSCALL_VEC, 0x81);
	} else if (vm_has_word("kernel")) {
		init_with(LG_KERNEL_ADDRESS, 0xffff0000);
	}
	vm_init();
	vm_fail("still alive after \"%s\"", vm_cmdline());
}
