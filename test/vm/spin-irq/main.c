// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupts that arrive while a guest runs belong to the hypervisor and
 * leave no trace in the guest.
 *
 * The guest spins without an exit, keeping a sum that a disturbed register
 * would spoil. A virtual interrupt that it never takes makes the hypervisor's
 * timer interrupt it all the time; with the word until-typed there is no
 * timer, and it goes on until a key has interrupted it.
 */
#include "test/lib/virtio.h"

#define ROUNDS	   10u
#define ITERATIONS 10000000u

/* A linear congruential step, so that every round depends on all before. */
static u32 spin(u32 x)
{
	u32 i;

	for (i = 0; i < ITERATIONS; i++) {
		x = x * 1664525 + 1013904223;
		__asm__ volatile("" : "+r"(x));
	}
	return x;
}

/*
 * @times steps at once: composing a step with itself doubles it. The sequence
 * repeats after 2^32 steps, so @times may overflow.
 */
static u32 leap(u32 x, u32 times)
{
	u32 a = 1664525;
	u32 c = 1013904223;

	for (; times; times >>= 1) {
		if (times & 1) {
			x = x * a + c;
		}
		c = c * a + c;
		a = a * a;
	}
	return x;
}

void main(void)
{
	u32 x = 1;
	u32 round;

	bool is_until_typed = vm_has_word("until-typed");

	vm_init();
	vm_traps_init();
	if (is_until_typed) {
		typing_begin();
	} else {
		/* Its line is blocked. */
		hypercall(HC_SET_CLOCKEVENT, 1000, 0, 0, 0);
	}
	for (round = 0; round < ROUNDS || (is_until_typed && !typing_seen());
	     round++) {
		x = spin(x);
		vm_puts(".");
	}
	vm_puts("\n");
	VM_CHECK(x == leap(1, round * ITERATIONS));
	vm_pass();
}
