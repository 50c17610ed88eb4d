/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When shadows are audited, and what a difference leads to.
 */
#pragma once

#include "hv/vmm/guest.h"

/* Exits from one look at the shadows to the next; 0: once in 2^32. */
u32 audit_period(const struct guest *g);

/* That many have passed: look, and panic when something is broken. */
void audit_exit(struct guest *g);

/*
 * The guest has flushed, with the kernel half or without it: see whether
 * shadows and tables agree.
 */
void audit_flush(struct guest *g, bool with_kernel);
