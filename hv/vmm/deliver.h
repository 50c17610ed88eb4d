/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Giving virtual interrupts to the guest.
 */
#pragma once

#include "hv/vmm/guest.h"

/*
 * Some line is raised and the guest is about to be entered: deliver the
 * lowest unblocked one if the guest takes interrupts now, else arrange for
 * another try.
 */
void deliver_irq(struct vcpu *v);

/*
 * The guest has faulted, and an instruction earlier an interrupt would have
 * been delivered: let it come first, and the fault again behind it. A guest
 * whose traps turn interrupts off, and which allows them without telling,
 * might else never be seen to allow them.
 */
bool deliver_before_fault(const struct vcpu *v);

/* Would an interrupt end a HALT now? */
bool deliver_is_due(const struct vcpu *v);
