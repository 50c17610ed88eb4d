/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Futexes, as far as the kernel itself wakes them.
 */
#pragma once

#include <stdint.h>

/* One of those who wait for user address @at of the current task. */
void futex_wake_address(uint32_t at);
