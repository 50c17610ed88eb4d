// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Timers, and the platform's one timer that serves them all.
 *
 * The platform's timer is set only when something is due earlier than what
 * it is set for: an interrupt that comes in vain is cheaper than a call to
 * the hypervisor at each switch. With no timer and nobody waiting for the
 * processor it is not set at all.
 */
#include "guest/gnomon/clock.h"

#include <stddef.h>

#include "guest/gnomon/platform.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/trap.h"

#define SLICE_NS 10000000u

static struct timer *timers; /* by time */
static uint64_t armed_at;    /* 0: no interrupt will come */
static uint64_t slice_end;   /* 0: nobody waits for the processor */

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

/*
 * See to it that an interrupt comes for the earliest timer and for the end
 * of the running task's turn. Called where either may have changed.
 */
static void update(void)
{
	uint64_t due = timers ? timers->at : 0;
	uint64_t now;

	if (slice_end && (!due || slice_end < due)) {
		due = slice_end;
	}
	if (!due || (armed_at && armed_at <= due)) {
		return;
	}
	now = platform->now();
	platform_set_timer(due > now ? due - now : 1);
	armed_at = due;
}

void timer_set(struct timer *t, uint64_t at, void (*fire)(struct timer *t))
{
	struct timer **link = &timers;

	timer_cancel(t);
	while (*link && (*link)->at <= at) {
		link = &(*link)->next;
	}
	t->at = at;
	t->fire = fire;
	t->is_set = true;
	t->next = *link;
	*link = t;
	if (timers == t) {
		update();
	}
}

void clock_begin_slice(bool is_wanted)
{
	if (is_wanted != !!slice_end || is_wanted) {
		slice_end = is_wanted ? platform->now() + SLICE_NS : 0;
		update();
	}
}

bool clock_has_slice(void)
{
	return slice_end;
}

static void interrupt(void *unused)
{
	uint64_t now = platform->now();

	(void)unused;
	armed_at = 0;
	while (timers && timers->at <= now) {
		struct timer *t = timers;

		timers = t->next;
		t->is_set = false;
		t->fire(t);
	}
	if (slice_end && slice_end <= now) {
		slice_end = 0;
		sched_slice_over();
	}
	update();
}

void clock_init(void)
{
	irq_set_handler(IRQ_TIMER, interrupt, NULL);
}
