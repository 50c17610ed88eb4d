/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processor's one-shot timer.
 */
#pragma once

#include "arch/x86/timer_device.h"

/* Use @d from now on, in place of the one used until now; NULL: none. */
void timer_use(const struct timer_device *d);

/* The device in use, or NULL. */
const struct timer_device *timer_device(void);

/* Call @handler(@ctx), with interrupts off, each time the timer expires. */
void timer_set_handler(void (*handler)(void *ctx), void *ctx);

/* The @ctx of the last timer_set_handler(). */
void *timer_context(void);

/*
 * Expire once, @delta nanoseconds from now, at the earliest
 * TIMER_EARLY_NS before that by clock_now_ns(). Replaces what was armed
 * before. Any @delta is legal. Without a device only timer_wait() notices.
 */
#define TIMER_EARLY_NS 500u
void timer_arm_ns(u64 delta);

/* Do not expire. */
void timer_cancel(void);

/*
 * Sleep until an interrupt, which is served. When the timer is armed but has no
 * device to wake the processor, poll the clock instead and return soon.
 */
void timer_wait(void);

/* For drivers: the device has interrupted. */
void timer_interrupt(void);

/* Interrupts of the device since timer_use(), expected or not. */
u32 timer_interrupt_count(void);
