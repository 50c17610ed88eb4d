/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test/host/fake_panic.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "hv/lib/panic.h"

void (*fake_panic_report)(void);

void panic(const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "panic: ");
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "\n");
	if (fake_panic_report) {
		fake_panic_report();
	}
	abort();
}
