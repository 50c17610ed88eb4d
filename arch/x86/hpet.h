/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * High-precision event timer: its counter, and timer 0 as a one-shot.
 */
#pragma once

#include "arch/x86/calibrate.h"
#include "arch/x86/timer_device.h"

#define HPET_SIZE 0x400 /* bytes of registers */

/*
 * Start the HPET whose registers are mapped at @base. Returns whether one
 * answers there.
 */
bool hpet_init(volatile void *base);

/* Its counter as a clock; only after hpet_init() succeeded. */
struct clock_source hpet_source(void);

/*
 * Timer 0, which replaces the PIT on line 0; NULL when it cannot, or there is
 * no HPET.
 */
const struct timer_device *hpet_timer(void);
