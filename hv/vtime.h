/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's clock event, on the machine's one-shot timer.
 */
#pragma once

#include "hv/virq.h"

struct vtime {
	struct virq *virq;
	u64 deadline;	/* of the clock event by clock_now_ns(); 0: none */
	bool has_retry; /* the timer will fire soon, to try a delivery again */
	u64 fired;	/* clock events */
	u64 late_ns;	/* by how much, in total */
};

/* No clock event is set; the timer raises VIRQ_TIMER of @virq. */
void vtime_reset(struct vtime *t, struct virq *virq);

/* Raise VIRQ_TIMER once, @ns nanoseconds from now; 0: not at all. */
void vtime_set(struct vtime *t, u32 ns);

/*
 * Make sure that the guest is interrupted before long: something waits that
 * it may allow without telling (lguest ABI 5.4).
 */
void vtime_retry_soon(struct vtime *t);
