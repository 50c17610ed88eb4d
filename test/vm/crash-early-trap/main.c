// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A trap before the first hypercall and before any gate, while addresses are
 * physical: there is a report nevertheless, with names.
 */
#include "test/lib/vm.h"

static __attribute__((noinline)) u32 cycles_per_tick(volatile u32 *ticks)
{
	return 1000000u / *ticks;
}

static __attribute__((noinline)) u32 calibrate(void)
{
	volatile u32 ticks = 0;

	return cycles_per_tick(&ticks) + 1;
}

void main(void)
{
	vm_fail("calibrated to %u", calibrate());
}
