/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's clock event.
 *
 * One timer serves four purposes: the guest's deadline, forcing an exit
 * while an interrupt waits for the guest to enable interrupts, which older
 * guests do without a hypercall, forcing one for Umbra's user, and one
 * for the run loop, which has work that is done in parts.
 *
 * I1  The deadline is kept in clock_now_ns() time, so re-arming the timer
 *     never shifts it.
 * I2  The timer is that of the guest that was started last. What another's is
 *     to do waits until that one is started again.
 * I3  A retry is set only while something waits, so a guest that wants
 *     nothing is left alone.
 *
 * Rules: lguest ABI 5.4, 5.6. Next: arch/x86/timer.c.
 */
#include "hv/vmm/vtime.h"

#include "arch/x86/clock.h"
#include "arch/x86/timer.h"

/* The first retry. Most waits are short: each comes later than the last. */
#define RETRY_MIN_NS 16000u

/*
 * Arm the timer for whatever comes first, or stop it. When it is another
 * guest's, vtime_start() will.
 */
static void arm(struct vtime *t, u64 now)
{
	u64 first = t->deadline ? t->deadline : ~0ull;

	if (unlikely(timer_context() != t)) {
		return;
	}
	if (t->retry_at) {
		first = min_u64(first, t->retry_at);
	}
	if (t->call_at) {
		first = min_u64(first, t->call_at);
	}
	if (t->wake_at) {
		first = min_u64(first, t->wake_at);
	}
	if (first == ~0ull) {
		timer_cancel();
	} else {
		timer_arm_ns(first > now ? first - now : 0);
	}
}

/* Is it time for what is to be done at @at? Then it is set no more. */
static bool take_due(u64 *at, u64 now)
{
	if (*at == 0 || now + TIMER_EARLY_NS < *at) {
		return false;
	}
	*at = 0;
	return true;
}

/* The timer expired: whatever is due happens, the rest is armed again. */
static void expired(void *ctx)
{
	struct vtime *t = ctx;
	u64 now = clock_now_ns(), deadline = t->deadline;
	bool calls;

	if (take_due(&t->deadline, now)) {
		t->counts.late_ns += now > deadline ? now - deadline : 0;
		t->counts.fired++;
		virq_raise(t->virq, VIRQ_TIMER);
	}
	t->counts.retries += take_due(&t->retry_at, now);
	calls = take_due(&t->call_at, now);
	take_due(&t->wake_at, now);
	if (t->deadline || t->retry_at || t->call_at || t->wake_at) {
		arm(t, now);
	}
	/* Last: it may take long. */
	if (calls) {
		t->call();
	}
}

void vtime_reset(struct vtime *t, struct virq *virq)
{
	*t = (struct vtime){ .virq = virq, .counts = t->counts };
}

void vtime_start(struct vtime *t)
{
	timer_set_handler(expired, t);
	arm(t, clock_now_ns());
}

void vtime_set(struct vtime *t, u32 ns)
{
	u64 now = clock_now_ns();

	t->deadline = ns ? now + ns : 0;
	arm(t, now);
}

void vtime_retry_soon(struct vtime *t, u32 max_ns)
{
	u64 now;

	if (t->retry_at && t->retry_ns <= max_ns) {
		return;
	}
	t->retry_ns =
		t->retry_ns ? min_u32(t->retry_ns * 2, max_ns) : RETRY_MIN_NS;
	now = clock_now_ns();
	t->retry_at = now + t->retry_ns;
	arm(t, now);
}

void vtime_call_at(struct vtime *t, u64 at, void (*fn)(void))
{
	t->call_at = at;
	t->call = fn;
	arm(t, clock_now_ns());
}

void vtime_wake(struct vtime *t, u64 at)
{
	t->wake_at = at;
	arm(t, clock_now_ns());
}

void vtime_retry_done(struct vtime *t)
{
	t->retry_ns = 0;
	if (t->retry_at) {
		t->retry_at = 0;
		arm(t, clock_now_ns());
	}
}
