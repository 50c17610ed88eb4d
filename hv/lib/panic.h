/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of the hypervisor itself. Only for our own broken invariants:
 * never on a value that a guest, a loader or a device can influence.
 */
#pragma once

#include "hv/lib/types.h"

/*
 * Print "panic: " and the reason, the processor's state, a stack trace and
 * the build id; then leave through the exit port when there is one, and stay
 * halted with the report on the screen when not.
 */
void panic(const char *fmt, ...) __printf(1, 2) __noreturn;

/*
 * What else a panic should do: @report prints more lines, @leave ends the
 * machine and may return when it cannot. Either may be NULL.
 */
void panic_set_hooks(void (*report)(void), void (*leave)(void));

/* Bound at link time to arch/x86/report.c (and to fakes in host tests). */
void arch_panic_report(void);
void arch_halt(void) __noreturn;

#define BUG_ON(cond)                                                   \
	do {                                                           \
		if (unlikely(cond)) {                                  \
			panic("%s:%d: %s", __FILE__, __LINE__, #cond); \
		}                                                      \
	} while (0)
