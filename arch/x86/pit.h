/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The 8254 interval timer: channel 0 interrupts on line 0, channel 2 can be
 * started and read without side effects.
 */
#pragma once

#include "arch/x86/calibrate.h"
#include "arch/x86/timer_device.h"

/* Start channel 2 as a clock. */
struct clock_source pit_source(void);

/*
 * Stop channel 0, which interrupts once more at most: firmware leaves it
 * running, and an emulator wakes up for each tick, even a masked one.
 */
void pit_silence(void);

/* Channel 0 as a one-shot timer. */
extern const struct timer_device pit_timer;
