/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gates that software may use, and closing them while an interrupt waits.
 */
#pragma once

#include "hv/vmm/guest.h"

/* The guest has loaded @gate for @vector: v->gate[], and what follows. */
void gates_set(struct vcpu *v, u32 vector, struct guest_gate gate);

/*
 * From the next entry on, an instruction that would use such a gate faults
 * instead; gates_open(): it no longer does. Either may be so already.
 */
void gates_set_closed(struct vcpu *v, bool are_closed);

static inline void gates_close(struct vcpu *v)
{
	if (!v->gates_are_closed) {
		gates_set_closed(v, true);
	}
}

static inline void gates_open(struct vcpu *v)
{
	if (unlikely(v->gates_are_closed)) {
		gates_set_closed(v, false);
	}
}

/* Is the general-protection fault of the last exit one of those? */
bool gates_have_refused(const struct vcpu *v);

/*
 * The instruction that was refused comes first: open the gates, and deliver
 * nothing at the next entry.
 */
void gates_let_trap(struct vcpu *v);

/*
 * Is the exit by @vector a fault for certain, so that the instruction will
 * happen again? While the gates are open, most vectors may also come from an
 * int, and EIP is then behind it. A single step is never a fault.
 */
static inline bool gates_is_fault(const struct vcpu *v, u32 vector)
{
	return vector < X86_VEC_IRQ &&
	       (X86_EXC_HAS_EC >> vector & 1 ||
		(v->gates_are_closed && vector != X86_EXC_DB));
}
