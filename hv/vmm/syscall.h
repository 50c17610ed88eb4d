/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Software traps that enter the guest's kernel without an exit.
 */
#pragma once

#include "hv/vmm/guest.h"

/*
 * The guest's shared area is at guest-physical @area: prepare the trampoline
 * of the interrupt-kind system-call gate.
 */
void syscall_init(struct vcpu *v, gpa_t area);

/*
 * The guest, which is current, has loaded @gate for @vector: point the real
 * gate at the guest's handler, at the trampoline, or at the hypervisor.
 */
void syscall_set_gate(struct vcpu *v, u32 vector, struct guest_gate gate);

/* Do that for all of v->gate[], as @v becomes current. */
void syscall_load_gates(struct vcpu *v);
