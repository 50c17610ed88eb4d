// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hypercall 0x40 says who is there: version in EAX, particulars in memory.
 * Made through the ring it fills memory and changes no register. A guest that
 * wants to know what an operation costs finds its exits counted.
 */
#include "test/lib/vm.h"

#define HC_UMBRA_QUERY 0x40
#define MAGIC	       0x72626d55u
#define VERSION	       1u
#define FEATURE_PAE    0x1u
#define SLOT_FREE      0xffu
#define QUERIES	       100u

static u32 info[5];

static u32 query(u32 address)
{
	u32 eax = HC_UMBRA_QUERY;

	__asm__ volatile("int $0x1f" : "+a"(eax) : "b"(address) : "memory");
	return eax;
}

static void check_info(void)
{
	VM_CHECK(info[0] == MAGIC);
	VM_CHECK(info[1] == VERSION);
	VM_CHECK(info[2] & FEATURE_PAE);
	VM_CHECK(info[4] == 0x55555555);
}

void main(void)
{
	u32 eax = 0, exits;

	vm_init();
	info[4] = 0x55555555;
	VM_CHECK(query((u32)info) == VERSION);
	check_info();
	exits = info[3];
	for (u32 i = 0; i < QUERIES; i++) {
		VM_CHECK(query(0) == VERSION);
	}
	VM_CHECK(query((u32)info) == VERSION);
	VM_CHECK(info[3] - exits >= QUERIES + 1);

	info[0] = info[1] = info[2] = 0;
	lg_write(LG_HCALLS, HC_UMBRA_QUERY);
	lg_write(LG_HCALLS + 4, (u32)info);
	vm_lguest_data[LG_HCALL_STATUS] = 0;
	__asm__ volatile("int $0x1f" : "+a"(eax) : : "memory");
	VM_CHECK(eax == 0);
	VM_CHECK(vm_lguest_data[LG_HCALL_STATUS] == SLOT_FREE);
	check_info();
	if (vm_has_word("outside")) {
		query(vm_ram_size() - 8);
		vm_fail("still alive");
	}
}
