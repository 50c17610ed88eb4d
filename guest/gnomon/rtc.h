/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PC's battery-backed clock, for the native platform.
 */
#pragma once

#include <stdint.h>

/* ns since 1970, taking the clock for UTC; whole seconds. */
uint64_t rtc_read(void);
