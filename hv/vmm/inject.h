/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Giving traps to the guest through the gates it loaded.
 */
#pragma once

#include "hv/vmm/guest.h"

/*
 * Reflect trap @vector, with the error code of the exit frame where that
 * vector has one. Kills the guest when it has no gate for it, or when its
 * stack cannot take the frame.
 */
void inject_trap(struct vcpu *v, u32 vector);

/* The same for an interrupt, whose gate is present; no error code. */
void inject_irq(struct vcpu *v, u32 vector);

/* Enter the handler of a present gate; the frame is already on the stack. */
void inject_enter(struct vcpu *v, u32 vector);

/*
 * inject_trap() for a page fault at @cr2; the error code is in the exit frame.
 */
void inject_page_fault(struct vcpu *v, u32 cr2);
