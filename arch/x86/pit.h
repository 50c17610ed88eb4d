/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The 8254 interval timer: channel 0 interrupts on line 0, channel 2 can be
 * started and read without anybody noticing.
 */
#pragma once

#include "arch/x86/calibrate.h"
#include "arch/x86/timer_device.h"

/* Start channel 2 as a clock. */
struct clock_source pit_source(void);

/*
 * Channel 0 interrupts once more at the most: firmware leaves it running,
 * and an emulator has to wake up for each of its ticks, masked or not.
 */
void pit_silence(void);

/* Channel 0. */
extern const struct timer_device pit_timer;
