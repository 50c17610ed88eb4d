/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "hv/vmm/guest.h"

/*
 * Serve one exit. @frame is what switch_to_guest() returned. Afterwards the
 * guest can be entered again, or has ended. Returns whether it was the machine
 * that interrupted: then others have to be served, too.
 */
bool exit_serve(struct vcpu *v, const struct cpu_regs *frame);
