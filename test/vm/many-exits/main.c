// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An interrupt that hits the way into a guest or out of it does no harm.
 *
 * Little happens here but world switches, of every kind, while the timer
 * expires at all places among them. With the word until-typed that goes on
 * until something is typed: a test sends non-maskable interrupts meanwhile.
 */
#include "test/lib/virtio.h"

#define ROUNDS 30000u
#define WILD   0xb0000000u

/* A prime, so that it beats against what the loop takes. */
#define DELAYS 7919u

static void leave_in_every_way(u32 round)
{
	u32 address = WILD + round % ROUNDS * PAGE_SIZE;
	const struct vm_trap *trap;
	u32 value;

	hypercall(HC_SET_CLOCKEVENT, 1 + round % DELAYS, 0, 0, 0);
	hypercall(HC_FLUSH_ASYNC, round, ~round, 0, 0);
	outb(0x80, (u8)round);
	VM_CHECK(inb(0x80) == 0xff);
	trap = vm_try_read(address, &value);
	VM_CHECK(trap != NULL && trap->vector == TRAP_PF);
	VM_CHECK(trap->cr2 == address);
}

void main(void)
{
	bool is_until_typed = vm_has_word("until-typed");
	u32 round;

	vm_init();
	vm_traps_init();
	vm_puts("...\n");
	if (is_until_typed) {
		typing_begin();
	}
	for (round = 0; round < ROUNDS || (is_until_typed && !typing_seen());
	     round++) {
		leave_in_every_way(round);
	}
	vm_pass();
}
