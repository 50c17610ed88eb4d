/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupt lines and who serves them. Handlers run with interrupts off.
 *
 * The lines are those of the PC's two PICs, whatever delivers them.
 *
 * Next: arch/x86/pic.c, arch/x86/ioapic.c, arch/x86/lapic.c.
 */
#include "arch/x86/irq.h"

#include "arch/x86/ioapic.h"
#include "arch/x86/lapic.h"
#include "arch/x86/pic.h"
#include "arch/x86/regs.h"
#include "arch/x86/timer.h"
#include "hv/lib/log.h"

#define APIC_ID_MAX 0xff /* what an I/O APIC can address */

static struct {
	void (*handler)(void *ctx);
	void *ctx;
} lines[IRQ_LINES];

static const struct irq_route *routes; /* NULL: the PIC delivers */
static u32 reported;		       /* lines without a handler, as bits */
static u32 spurious;

void irq_init(void)
{
	pic_init();
}

bool irq_use_ioapic(const struct irq_route r[IRQ_LINES])
{
	if (!ioapic_is_used() || !lapic_is_used() || lapic_id() > APIC_ID_MAX) {
		return false;
	}
	lapic_disconnect_pic();
	routes = r;
	return true;
}

static void unmask(u32 line)
{
	const struct irq_route *r = routes ? &routes[line] : NULL;

	if (!r) {
		pic_unmask(line);
	} else if (!ioapic_route(r->input, X86_VEC_IRQ + line, lapic_id(),
				 r->is_low, r->is_level)) {
		log_warn("interrupt line %u: no I/O APIC has input %u", line,
			 r->input);
	}
}

static void mask(u32 line)
{
	if (routes) {
		ioapic_mask(routes[line].input);
	} else {
		pic_mask(line);
	}
}

void irq_register(u32 line, void (*handler)(void *ctx), void *ctx)
{
	lines[line].handler = handler;
	lines[line].ctx = ctx;
	unmask(line);
}

/* Returns false when no line raised this interrupt. */
static bool acknowledge(u32 line)
{
	if (!routes) {
		return pic_acknowledge(line);
	}
	lapic_acknowledge();
	return true;
}

static void refuse(u32 line)
{
	spurious++;
	mask(line);
	if (!(reported & 1u << line)) {
		reported |= 1u << line;
		log_warn("interrupt on line %u, which nobody serves: masked",
			 line);
	}
}

static void serve_line(u32 line)
{
	bool is_level = routes && routes[line].is_level;

	/*
	 * An edge is acknowledged first, so that a new one during the handler
	 * is not lost. A level would only come back at once.
	 */
	if (!is_level && !acknowledge(line)) {
		spurious++;
		return;
	}
	if (lines[line].handler) {
		lines[line].handler(lines[line].ctx);
	} else {
		refuse(line);
	}
	if (is_level) {
		acknowledge(line);
	}
}

void irq_handle(u32 vector)
{
	u32 line = vector - X86_VEC_IRQ;

	if (vector == X86_VEC_TIMER) {
		lapic_acknowledge();
		timer_interrupt();
		return;
	}
	if (line < IRQ_LINES) {
		serve_line(line);
		return;
	}
	/* X86_VEC_SPURIOUS never is in service; anything else blocks others. */
	spurious++;
	if (lapic_is_used() && lapic_is_in_service(vector)) {
		lapic_acknowledge();
	}
}

u32 irq_spurious_count(void)
{
	return spurious;
}
