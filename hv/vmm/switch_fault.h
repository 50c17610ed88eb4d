/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A trap inside the Switcher, on the way into the guest.
 */
#pragma once

#include "hv/vmm/vcpu.h"

/*
 * Put the guest's registers together again: @f, the frame of a trap that hit
 * the Switcher, lies across them. v->regs is then what the guest would have
 * had, with the trap's vector and error code.
 */
void switch_fault_recover(struct vcpu *v, const struct cpu_regs *f);
