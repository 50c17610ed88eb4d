/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Futexes.
 */
#pragma once

#include <stdint.h>

#include "guest/gnomon/mm/user_ptr.h"

/* Wake one of those who wait for user address @at of the current task. */
void futex_wake_address(struct user_ptr at);
