/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Futexes.
 */
#pragma once

#include <stdint.h>

/* Wake one of those who wait for user address @at of the current task. */
void futex_wake_address(uint32_t at);
