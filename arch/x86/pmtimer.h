/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ACPI power-management timer: nothing but a counter.
 */
#pragma once

#include "arch/x86/calibrate.h"

/* The timer at I/O port @port, 32 bits wide or 24, as a clock. */
struct clock_source pmtimer_source(u16 port, bool is_32bit);
