// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupts: who is told of each.
 */
#include "guest/gnomon/arch/irq.h"

#include "guest/lib/irq.h"

void (*irq_handler[IRQ_LINES])(void);

void irq_set_handler(uint32_t line, void (*handler)(void))
{
	irq_handler[line] = handler;
	platform->irq_unmask(line);
}
