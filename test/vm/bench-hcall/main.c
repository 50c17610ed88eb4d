// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an empty hypercall costs there and back.
 *
 * Under "-icount shift=0" the time stamp counts instructions. The empty loop
 * is measured too and taken off.
 */
#include "test/lib/vm.h"

#define ROUNDS 4096u

static u32 loop(bool with_call)
{
	u64 start = rdtsc();
	u32 i;

	for (i = 0; i < ROUNDS; i++) {
		if (with_call) {
			hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
		}
		__asm__ volatile("");
	}
	return (u32)(rdtsc() - start);
}

void main(void)
{
	u32 empty;
	u32 calls;

	vm_init();
	loop(true); /* touch everything once */
	empty = loop(false);
	calls = loop(true);
	vm_printf("bench hcall.round_trip %u\n", (calls - empty) / ROUNDS);
	vm_pass();
}
