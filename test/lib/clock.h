/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's clock and its interrupt, line 0, taken by a handler that counts
 * and leaves as Linux does.
 */
#pragma once

#include "test/lib/vm.h"

#define NS_PER_S 1000000000u

extern volatile u32 clock_ticks;

/* After vm_init(): load the gate, unblock the line, enable interrupts. */
void clock_init(void);

/* SET_CLOCKEVENT */
void clock_arm(u32 ns);

/* HALT until the next tick, which comes @ns from now. */
void clock_sleep(u32 ns);

/* The wall clock as lguest_data shows it: as of the last interrupt. */
u64 clock_wall_ns(void);
