// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Timers, and the platform's one timer that serves them all.
 *
 * The platform's timer is set only when something is due earlier than what
 * it is set for: an interrupt that comes in vain is cheaper than a call to
 * the hypervisor at each switch. Without timers it is not set at all.
 */
#include "guest/gnomon/task/clock.h"

#include "guest/gnomon/arch/irq.h"

static struct timer *timers; /* by time */
static uint64_t armed_at;    /* 0: no interrupt will come */

void timer_cancel(struct timer *t)
{
	struct timer **link = &timers;

	if (!t->is_set) {
		return;
	}
	while (*link != t) {
		link = &(*link)->next;
	}
	*link = t->next;
	t->is_set = false;
}

/* See to it that an interrupt comes for the first timer. */
static void arm(void)
{
	uint64_t now;

	if (timers && (!armed_at || armed_at > timers->at)) {
		now = platform_now();
		armed_at = timers->at;
		platform_set_timer(armed_at > now ? armed_at - now : 1);
	}
}

void timer_set(struct timer *t, uint64_t at, void (*fire)(struct timer *t))
{
	struct timer **link = &timers;

	timer_cancel(t);
	while (*link && (*link)->at <= at) {
		link = &(*link)->next;
	}
	*t = (struct timer){ at, true, fire, *link };
	*link = t;
	arm();
}

static void interrupt(void)
{
	uint64_t now = platform_now();
	struct timer *t;

	armed_at = 0;
	while (timers && timers->at <= now) {
		t = timers;
		timer_cancel(t);
		t->fire(t);
	}
	arm();
}

void clock_init(void)
{
	irq_set_handler(IRQ_TIMER, interrupt);
}
