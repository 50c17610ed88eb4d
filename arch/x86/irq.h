/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hardware interrupts: from vector to the function that serves the line.
 */
#pragma once

#include "hv/lib/types.h"

#define IRQ_LINES 16

/* Mask every line. Until then none may arrive. */
void irq_init(void);

/* Serve @line with @handler(@ctx) from now on, and unmask it. */
void irq_register(u32 line, void (*handler)(void *ctx), void *ctx);

/*
 * Serve an interrupt that arrived as @vector, in the hypervisor or while a
 * guest ran. A vector nobody owns is counted and, when it is a line, masked.
 */
void irq_handle(u32 vector);

/* Interrupts that belonged to nobody. */
u32 irq_spurious_count(void);
