// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The shared structure may be the last bytes of RAM, and need not be aligned.
 * Hypercall 1 writes the clock, the time stamp's rate and what is reserved, and
 * nothing else of it.
 *
 * kill-init asks for one byte more.
 */
#include "test/lib/vm.h"

void main(void)
{
	u32 address = vm_ram_size() - LG_SIZE - 1;
	u8 *data = (u8 *)address;
	u32 reserved;

	vm_lguest_data_fill();
	memcpy(data, vm_lguest_data, LG_SIZE);
	hypercall(HC_LGUEST_INIT, address, 0, 0, 0);

	memcpy(&reserved, data + LG_RESERVE_MEM, sizeof(reserved));
	VM_CHECK(reserved != 0);
	VM_CHECK(reserved % PAGE_SIZE == 0);
	VM_CHECK(reserved <= 0x400000);
	VM_CHECK(data[LG_SIZE] == 0);
	for (u32 i = 0; i < LG_SIZE; i++) {
		if ((i < LG_TIME_SEC || i >= LG_IRQ_PENDING) &&
		    (i < LG_RESERVE_MEM || i >= LG_NOIRQ_IRET)) {
			VM_CHECK(data[i] == vm_lguest_data[i]);
		}
	}
	vm_pass();
}
