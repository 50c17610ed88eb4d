/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's clock event.
 *
 * One timer serves two purposes: the guest's deadline, and forcing an exit
 * while an interrupt waits for the guest to enable interrupts, which older
 * guests do without a hypercall.
 *
 * I1  The deadline is kept in clock_now_ns() time, so re-arming the timer
 *     never shifts it.
 *
 * Rules: lguest ABI 5.4, 5.6. Next: arch/x86/timer.c.
 */
#include "hv/vtime.h"

#include "arch/x86/clock.h"
#include "arch/x86/timer.h"

#define RETRY_NS 1000000u

static void arm(struct vtime *t, u64 now)
{
	u64 delta = t->deadline > now ? t->deadline - now : 0;

	if (t->has_retry && (!t->deadline || delta > RETRY_NS)) {
		delta = RETRY_NS;
	}
	if (t->deadline || t->has_retry) {
		timer_arm_ns(delta);
	} else {
		timer_cancel();
	}
}

/* The timer expired: whatever is due happens, the rest is armed again. */
static void expired(void *ctx)
{
	struct vtime *t = ctx;
	u64 now = clock_now_ns();

	t->has_retry = false;
	if (t->deadline && now + TIMER_EARLY_NS >= t->deadline) {
		t->late_ns += now > t->deadline ? now - t->deadline : 0;
		t->fired++;
		t->deadline = 0;
		virq_raise(t->virq, VIRQ_TIMER);
	} else if (t->deadline) {
		arm(t, now);
	}
}

void vtime_reset(struct vtime *t, struct virq *virq)
{
	*t = (struct vtime){ .virq = virq };
	timer_cancel();
	timer_set_handler(expired, t);
}

void vtime_set(struct vtime *t, u32 ns)
{
	u64 now = clock_now_ns();

	t->deadline = ns ? now + ns : 0;
	arm(t, now);
}

void vtime_retry_soon(struct vtime *t)
{
	if (!t->has_retry) {
		t->has_retry = true;
		arm(t, clock_now_ns());
	}
}
