/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's clock event, on the machine's one-shot timer.
 */
#pragma once

#include "hv/dev/virq.h"

/* Counters over all lives of the guest: field, and name for people. */
#define VTIME_COUNTS_LIST(X)                         \
	/* clock events; by how much late, in all */ \
	X(fired, "timer.fired")                      \
	X(late_ns, "timer.late-ns")                  \
	/* exits to try a delivery again */          \
	X(retries, "timer.retries")

struct vtime_counts {
#define X(field, name) u64 field;
	VTIME_COUNTS_LIST(X)
#undef X
};

/* Times are clock_now_ns()'s; 0: none. */
struct vtime {
	struct virq *virq;
	u64 deadline; /* of the clock event */
	u64 retry_at; /* when to try a delivery again */
	u32 retry_ns; /* how long the last retry was put off */
	u64 call_at;  /* when to call call(), for somebody else */
	void (*call)(void);
	u64 wake_at; /* when the run loop wants an exit for itself */
	struct vtime_counts counts;
};

/* No clock event is set. Those to come raise VIRQ_TIMER of @virq. */
void vtime_reset(struct vtime *t, struct virq *virq);

/* The guest is about to run: the machine's timer is its from now on. */
void vtime_start(struct vtime *t);

/* Raise VIRQ_TIMER once, @ns nanoseconds from now; 0: not at all. */
void vtime_set(struct vtime *t, u32 ns);

/*
 * Make sure that the guest is interrupted before long, not more than @max_ns
 * from now: something waits that it may allow without telling (lguest ABI
 * 5.4), by its interrupt flag, which is never off for long, or by unblocking a
 * line, which may stay blocked for ever. vtime_retry_done(): nothing waits
 * any more.
 */
#define VTIME_RETRY_MASKED_NS  64000u
#define VTIME_RETRY_BLOCKED_NS 1000000u
void vtime_retry_soon(struct vtime *t, u32 max_ns);
void vtime_retry_done(struct vtime *t);

/*
 * Call @fn once at @at, from an exit, with interrupts off. Replaces what was
 * asked for before.
 */
void vtime_call_at(struct vtime *t, u64 at, void (*fn)(void));

/* Interrupt the guest, or its sleep, once at @at. For the run loop. */
void vtime_wake(struct vtime *t, u64 at);

/* Is that yet to come? */
static inline bool vtime_is_awaited(const struct vtime *t)
{
	return t->wake_at != 0;
}
