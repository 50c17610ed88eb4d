/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Out of memory.
 */
#pragma once

#include <stdbool.h>

/*
 * Memory is short: end whoever has most. False: that is the current one, or
 * nobody.
 */
bool oom_make_room(void);
