/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time: the time-stamp counter as a clock of nanoseconds, and the wall clock,
 * which counts on from a given time by the same counter.
 */
#pragma once

#include "arch/x86/calibrate.h"
#include "arch/x86/muldiv.h"

/*
 * Find the rate of the time-stamp counter by @n sources (calibrate_all()) and
 * start the clock at 0. @is_constant: the counter's rate is constant, as far as
 * the processor tells (cpufeat.h).
 */
void clock_init(const struct clock_source *const *sources, u32 n,
		bool is_constant);

/*
 * The counter's rate, for guests that read it themselves. 0 when it is not
 * to be trusted: fewer than two sources agree, or the rate is not constant.
 */
u32 clock_tsc_khz(void);

/* The rate that clock_now_ns() uses, trusted or not. It is not 0. */
const struct calibration *clock_calibration(void);

/* Nanoseconds since clock_init(). Never goes back, stops only with the TSC. */
u64 clock_now_ns(void);

/* It is now @sec seconds after the beginning of 1970. */
void clock_set_wall(u32 sec);

/* Seconds since the beginning of 1970, and nanoseconds. */
void clock_wall(u32 *sec, u32 *nsec);

/* clock_now_ns() as a reference for other counters. */
extern const struct clock_source clock_reference;
