/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a driver of a one-shot timer offers to arch/x86/timer.c.
 */
#pragma once

#include "hv/lib/types.h"

struct timer_device {
	const char *name;
	u32 hz;
	u32 max_ticks;

	/* Route its interrupt to timer_interrupt(), and stop. */
	void (*open)(void);
	/* Interrupt once, in @ticks from now; 0 < @ticks <= max_ticks. */
	void (*arm)(u32 ticks);
	/* Do not interrupt; one interrupt may be on its way already. */
	void (*stop)(void);
	/* Stop it, and undo what open() changed for other devices. */
	void (*close)(void);
};
