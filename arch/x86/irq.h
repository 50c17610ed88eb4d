/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hardware interrupts: from vector to the function that serves the line.
 */
#pragma once

#include "hv/lib/types.h"

#define IRQ_LINES 16

/* How a line reaches the I/O APICs (arch/x86/ioapic.h). */
struct irq_route {
	u32 input;
	bool is_low;
	bool is_level;
};

/* Mask every line. Until then none may arrive. Lines go through the PIC. */
void irq_init(void);

/*
 * Use the I/O APICs instead of the PIC from now on. Before the first
 * irq_register(). Returns false, and changes nothing, when there is none, or
 * no local APIC that they can address.
 */
bool irq_use_ioapic(const struct irq_route routes[IRQ_LINES]);

/* Serve @line with @handler(@ctx) from now on, and unmask it. */
void irq_register(u32 line, void (*handler)(void *ctx), void *ctx);

/*
 * Serve an interrupt that arrived as @vector, in the hypervisor or while a
 * guest ran. One without a handler is counted and, if it is a line, masked.
 */
void irq_handle(u32 vector);

/* The number of interrupts without a handler. */
u32 irq_spurious_count(void);
