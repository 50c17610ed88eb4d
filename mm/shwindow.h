/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Switcher's window, which is the same in every address space.
 */
#pragma once

#include "mm/shadow.h"

/* Make its table. Returns 0, or -1: no memory. */
int shwindow_init(struct shadow *s, const struct sh_switcher *sw) __must_check;

/* Forget what sh_map_switcher() mapped in this life of the guest. */
void shwindow_reset(struct shadow *s);
