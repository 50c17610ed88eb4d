/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's lives, from its first to the end of the machine's work.
 */
#pragma once

#include "hv/vmm/guest.h"

/* Start @g, and again after each end that asks for it. */
void __noreturn lifecycle_run(struct guest *g);

/* Nothing will run, because of @why: one line, then what on-crash says. */
void __noreturn lifecycle_cannot_start(struct machine *m, const char *why);
