/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instructions that a guest kernel may not execute and Umbra carries out.
 */
#pragma once

#include "hv/vmm/guest.h"

/*
 * A #GP with error code 0 at the current EIP. Returns true when the
 * instruction was carried out and EIP moved on; false: reflect the fault.
 */
bool emul_privileged(struct vcpu *v) __must_check;

/*
 * A page fault at guest-physical @a, which is not RAM; the error code is in
 * the exit frame. Returns true when the access was carried out and EIP moved
 * on; false: reflect the fault.
 */
bool emul_mmio(struct vcpu *v, gpa_t a) __must_check;
