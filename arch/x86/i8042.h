/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PC's keyboard controller.
 */
#pragma once

#include "hv/lib/types.h"

#define I8042_LINE 1

/*
 * Set the controller up: keyboard on, interrupt on, scan code set 1, mouse
 * off. Returns false when there is none, which costs nothing, or when it
 * does not answer, which costs a bounded wait.
 */
bool i8042_init(void) __must_check;

/* Take one scan code. Returns false when there is none. */
bool i8042_read(u8 *code);
