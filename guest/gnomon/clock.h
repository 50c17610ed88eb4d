/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deadlines and the one timer.
 */
#pragma once

#include <stdint.h>

#define NS_PER_SEC 1000000000u

/*
 * The earliest of all deadlines changed, or the turn of the running task:
 * set the platform's timer. Called by sched.c on every switch.
 */
void clock_update(void);
/* Wakes whoever is due; the timer's interrupt. */
void clock_interrupt(void *unused);
