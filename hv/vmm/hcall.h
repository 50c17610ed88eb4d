/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hypercalls: arguments in, effects out. No register of the guest changes.
 */
#pragma once

#include "hv/vmm/guest.h"

/* Serve the hypercall of the current exit: first the ring, then the call. */
void hcall_serve(struct vcpu *v);

/* For people: its name, and in *@args how many it takes; NULL: no such call. */
const char *hcall_name(u32 number, u32 *args);
