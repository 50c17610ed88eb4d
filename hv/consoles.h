/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which consoles there are, by option and by what the machine has.
 */
#pragma once

#include "hv/options.h"

/* Set up the consoles that @o names; those that are absent are left out. */
void consoles_init(const struct options *o);

/* Take input from them by interrupt, from now on. irq_init() was called. */
void consoles_enable_input(void);
