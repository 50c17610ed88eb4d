/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One-shot timer over any of several devices.
 *
 * I1  The clock alone decides when the handler is called; the device's
 *     interrupt only makes us read the clock. So a device with a short range,
 *     a rate that is not known exactly, and an interrupt that arrives after
 *     the timer was armed again do no harm. Without any device the clock is
 *     polled by timer_wait().
 *
 * Next: arch/x86/lapic.c, arch/x86/hpet.c, arch/x86/pit.c.
 */
#include "arch/x86/timer.h"

#include "arch/x86/clock.h"
#include "arch/x86/cpu.h"

/* Keeps sums of times from overflowing: 146 years. */
#define DELTA_MAX (1ull << 62)

static struct {
	u64 deadline; /* by clock_now_ns(); ~0 when not armed */
	const struct timer_device *device;
	struct ratio to_ticks;
	u32 max_ns; /* the longest time that the device can count */
	void (*handler)(void *ctx);
	void *ctx;
	u32 interrupts;
} timer = { .deadline = ~0ull };

void timer_use(const struct timer_device *d)
{
	u64 max_ns;

	if (timer.device) {
		timer.device->close();
	}
	timer.device = d;
	timer.deadline = ~0ull;
	if (!d) {
		return;
	}
	max_ns = ratio_apply(ratio_make(NS_PER_S, d->hz), d->max_ticks - 1);
	timer.to_ticks = ratio_make(d->hz, NS_PER_S);
	timer.max_ns = (u32)min_u64(max_ns, 0xffffffff);
	timer.interrupts = 0;
	d->open();
}

const struct timer_device *timer_device(void)
{
	return timer.device;
}

void timer_set_handler(void (*handler)(void *ctx), void *ctx)
{
	timer.handler = handler;
	timer.ctx = ctx;
}

void *timer_context(void)
{
	return timer.ctx;
}

static void program(u64 delta)
{
	u32 ns = (u32)min_u64(delta, timer.max_ns);

	/* Rounded down and never 0: at most one tick late. */
	timer.device->arm((u32)ratio_apply(timer.to_ticks, ns) + 1);
}

void timer_arm_ns(u64 delta)
{
	delta = min_u64(delta, DELTA_MAX);
	timer.deadline = clock_now_ns() + delta;
	if (timer.device) {
		program(delta);
	}
}

void timer_cancel(void)
{
	timer.deadline = ~0ull;
	if (timer.device) {
		timer.device->stop();
	}
}

/* Has the timer expired? */
static void look(void)
{
	u64 now = clock_now_ns();

	if (timer.deadline == ~0ull) {
		return;
	}
	if (now + TIMER_EARLY_NS < timer.deadline) {
		if (timer.device) {
			program(timer.deadline - now);
		}
		return;
	}
	timer.deadline = ~0ull;
	if (timer.handler) {
		timer.handler(timer.ctx);
	}
}

void timer_interrupt(void)
{
	timer.interrupts++;
	look();
}

void timer_wait(void)
{
	if (timer.device || timer.deadline == ~0ull) {
		irq_wait();
		return;
	}
	cpu_relax();
	irq_poll();
	look();
}

u32 timer_interrupt_count(void)
{
	return timer.interrupts;
}
