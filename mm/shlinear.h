/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linear mode, before the guest's first tables.
 */
#pragma once

#include "mm/shpool.h"

/* Its root, which is never given back. Returns 0, or -1: no memory. */
int shlinear_init(struct shadow *s) __must_check;

/* Map @va to the guest's RAM at @gpa. */
enum sh_rc shlinear_fill(struct shadow *s, u32 va, gpa_t gpa);

/* Drop every translation. */
void shlinear_drop(struct shadow *s);
