// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An interrupt that hits the way into a guest or out of it does no harm.
 *
 * Little happens here but world switches, of every kind, while the runner
 * types on the serial line; another test sends non-maskable interrupts.
 */
#include "test/lib/vm.h"

#define ROUNDS 30000u
#define WILD   0xb0000000u

void main(void)
{
	u32 round;
	u32 value;

	vm_init();
	vm_traps_init();
	for (round = 0; round < ROUNDS; round++) {
		const struct vm_trap *trap;

		hypercall(HC_FLUSH_ASYNC, round, ~round, 0, 0);
		outb(0x80, (u8)round);
		VM_CHECK(inb(0x80) == 0xff);
		trap = vm_try_read(WILD + round * PAGE_SIZE, &value);
		VM_CHECK(trap != NULL && trap->vector == TRAP_PF);
		VM_CHECK(trap->cr2 == WILD + round * PAGE_SIZE);
	}
	vm_pass();
}
