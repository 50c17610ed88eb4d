// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupts that arrive while a guest runs belong to the hypervisor and
 * leave no trace in the guest.
 *
 * The runner types on the serial line for as long as this runs. The guest
 * spins without an exit, keeping a sum a disturbed register would spoil.
 */
#include "test/lib/vm.h"

#define ROUNDS	   20u
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

/* @times steps at once: composing a step with itself doubles it. */
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

	vm_init();
	vm_traps_init();
	for (round = 0; round < ROUNDS; round++) {
		x = spin(x);
		vm_puts(".");
	}
	vm_puts("\n");
	VM_CHECK(x == leap(1, ROUNDS * ITERATIONS));
	vm_pass();
}
