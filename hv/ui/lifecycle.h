/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running a guest: its first start, its restarts, its end.
 */
#pragma once

#include "hv/vmm/guest.h"

/* Start @g, and again after each end that asks for it. */
void __noreturn lifecycle_run(struct guest *g);

/* No guest can run, because of @why: print that, then do as on-crash= says. */
void __noreturn lifecycle_cannot_start(struct machine *m, const char *why);
