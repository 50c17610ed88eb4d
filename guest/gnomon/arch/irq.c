// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupts: who is told of each.
 */
#include "guest/gnomon/arch/irq.h"

#include "guest/gnomon/arch/platform.h"
#include "guest/lib/irq.h"
#include "guest/lib/trap.h"

static void (*irq_handler[IRQ_LINES])(void);

void irq_set_handler(uint32_t line, void (*handler)(void))
{
	irq_handler[line] = handler;
	platform->irq_unmask(line);
}

/* An interrupt nobody waits for is dropped: hardware makes some of those. */
void irq_dispatch(uint32_t line)
{
	if (irq_handler[line]) {
		irq_handler[line]();
		trap_work = 1;
	}
}
