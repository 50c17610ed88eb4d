/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupt lines and who serves them. Handlers run with interrupts off.
 *
 * Next: arch/x86/pic.c.
 */
#include "arch/x86/irq.h"

#include "arch/x86/pic.h"
#include "arch/x86/regs.h"
#include "hv/lib/log.h"

static struct {
	void (*handler)(void *ctx);
	void *ctx;
} lines[IRQ_LINES];

static u32 spurious;

void irq_init(void)
{
	pic_init();
}

void irq_register(u32 line, void (*handler)(void *ctx), void *ctx)
{
	lines[line].handler = handler;
	lines[line].ctx = ctx;
	pic_unmask(line);
}

void irq_handle(u32 vector)
{
	u32 line = vector - X86_VEC_IRQ;

	if (line >= IRQ_LINES) {
		spurious++;
		return;
	}
	/* Acknowledged first: a new edge during the handler is not lost. */
	if (!pic_acknowledge(line)) {
		spurious++;
		return;
	}
	if (!lines[line].handler) {
		spurious++;
		pic_mask(line);
		log_warn("interrupt on line %u, which nobody serves: masked",
			 line);
		return;
	}
	lines[line].handler(lines[line].ctx);
}

u32 irq_spurious_count(void)
{
	return spurious;
}
