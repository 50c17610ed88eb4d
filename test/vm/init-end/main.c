// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The shared structure may be the last bytes of RAM, and need not be aligned.
 *
 * kill-init asks for one byte more. What hypercall 1 writes is checked too.
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
	vm_pass();
}
