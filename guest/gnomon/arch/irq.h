/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupts by line.
 */
#pragma once

#include <stdint.h>

#include "guest/gnomon/arch/platform.h"
#include "guest/lib/trap.h"

/* @handler is called for each from now on; the line is unmasked. */
void irq_set_handler(uint32_t line, void (*handler)(void));
extern void (*irq_handler[IRQ_LINES])(void);

/* One has come; nobody waits for it: hardware makes some of those. */
static inline void irq_dispatch(uint32_t line)
{
	if (irq_handler[line]) {
		irq_handler[line]();
		trap_work = 1;
	}
}
