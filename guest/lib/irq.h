/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupts of a guest. Line n comes by vector IRQ_VECTOR + n; line 0 is the
 * timer, line k the device in PCI slot k. "Closed" means that they wait, and so
 * they do at the start; and all lines are masked.
 */
#pragma once

#include "guest/lib/hcall.h"

static inline void irq_close(void)
{
	*(volatile uint32_t *)&lguest_data.irq_enabled = 0;
}

/*
 * The hypervisor does not see the flag change: it is asked for what already
 * waits.
 */
static inline void irq_open(void)
{
	*(volatile uint32_t *)&lguest_data.irq_enabled = LGUEST_IF;
	if (*(volatile uint32_t *)&lguest_data.irq_pending) {
		hcall(HC_SEND_INTERRUPTS, 0, 0, 0, 0);
	}
}

static inline void irq_unmask(uint32_t line)
{
	lguest_data.blocked_interrupts &= ~(1u << line);
}

static inline void irq_mask(uint32_t line)
{
	lguest_data.blocked_interrupts |= 1u << line;
}

/*
 * Sleep until an interrupt of a line that is not masked, and serve it. They
 * are open afterwards. Close them before looking whether there is anything to
 * wait for: one that came in between would not wake anybody.
 */
static inline void irq_wait(void)
{
	hcall(HC_HALT, 0, 0, 0, 0);
}

/* Line 0, once, @ns from now; 0: not any more. */
static inline void irq_set_timer(uint32_t ns)
{
	hcall(HC_SET_CLOCKEVENT, ns, 0, 0, 0);
}
