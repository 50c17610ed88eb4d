/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * panic(). A panic inside a panic prints its reason and stops at once, so
 * that a broken report cannot hide the first cause. The most important facts
 * are printed first: a small screen has no room for the end of a long report.
 *
 * Next: arch/x86/report.c.
 */
#include "hv/lib/panic.h"

#include <stdarg.h>
#include <stdio.h>

#include "hv/lib/build_id.h"
#include "hv/lib/console.h"
#include "hv/lib/log.h"

static void (*hook_report)(void);
static void (*hook_leave)(void);
static u32 depth;

void panic_set_hooks(void (*report)(void), void (*leave)(void))
{
	hook_report = report;
	hook_leave = leave;
}

void panic(const char *fmt, ...)
{
	static char reason[LOG_LINE_MAX];
	va_list args;

	if (depth++ >= 2) {
		arch_halt();
	}
	console_pin("...");
	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	log_error("panic: %s", reason);

	if (depth == 1) {
		log_error("build %s", build_id());
		arch_panic_report();
		if (hook_report) {
			hook_report();
		}
	}
	if (hook_leave) {
		hook_leave();
	}
	arch_halt();
}
