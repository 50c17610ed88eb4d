/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Umbra's own lines. Formatting needs no heap and no floating point.
 *
 * Next: hv/lib/console.c.
 */
#include "hv/lib/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "hv/lib/console.h"

#define PREFIX "umbra: "
#define CUT    "..."

static enum log_level max_level = LOG_INFO;

void log_set_level(enum log_level level)
{
	max_level = level;
}

void log_line(enum log_level level, const char *fmt, ...)
{
	static char line[sizeof(PREFIX) + LOG_LINE_MAX];
	char *text = line + strlen(PREFIX);
	va_list args;
	int len;

	if (level > max_level) {
		return;
	}
	memcpy(line, PREFIX, strlen(PREFIX));
	va_start(args, fmt);
	len = vsnprintf(text, LOG_LINE_MAX + 1, fmt, args);
	va_end(args);
	if (len > LOG_LINE_MAX) {
		memcpy(text + LOG_LINE_MAX - strlen(CUT), CUT, sizeof(CUT));
	}
	console_write_line(line);
}
