// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's own lines, and its last words.
 */
#include "guest/gnomon/lib/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "guest/lib/newlib.h"

#define LINE_MAX 200

static char kept[LOG_SIZE];
static uint32_t kept_start, kept_end;
char log_hidden_level = '7';

static void (*emergency)(const char *bytes, uint32_t n);
static void (*show)(const char *bytes, uint32_t n);
static void (*crash)(void);
static void (*listener)(void);
static bool is_panicking;

void log_init(void (*write)(const char *bytes, uint32_t n), void (*end)(void))
{
	show = emergency = write;
	crash = end;
}

void log_set_console(void (*write)(const char *bytes, uint32_t n))
{
	show = write;
}

void log_set_listener(void (*fn)(void))
{
	listener = fn;
}

uint32_t log_start(void)
{
	return kept_start;
}

uint32_t log_end(void)
{
	return kept_end;
}

const char *log_byte(uint32_t at)
{
	return &kept[at % LOG_SIZE];
}

/* Whole lines make room for a new one, which is shorter than the log. */
static void keep(const char *line)
{
	uint32_t end = kept_end + strlen(line);

	while (end - kept_start > LOG_SIZE) {
		while (kept[kept_start++ % LOG_SIZE] != '\n') {
		}
	}
	while (kept_end != end) {
		kept[kept_end++ % LOG_SIZE] = *line++;
	}
	if (!is_panicking && listener) {
		listener();
	}
}

/* @start is "<level>" and the first words. */
static void put_line(const char *start, const char *fmt, va_list args)
{
	char line[LINE_MAX];
	uint32_t n = strlen(strcpy(line, start));

	vsnprintf(line + n, sizeof(line) - n - 2, fmt, args);
	n = strlen(strcat(line, "\n"));
	keep(line);
	if (line[1] < log_hidden_level) {
		memcpy(line + n - 1, "\r\n", 2);
		show("gnomon: ", 8);
		show(line + 3, n - 2);
	}
}

void log_debug(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put_line("<7>", fmt, args);
	va_end(args);
}

void log_info(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put_line("<6>", fmt, args);
	va_end(args);
}

/* A panic on the way is the end without words. */
void panic(const char *fmt, ...)
{
	bool is_first = !is_panicking;
	va_list args;

	is_panicking = true;
	show = emergency; /* no driver is needed */
	va_start(args, fmt);
	if (is_first) {
		put_line("<0>panic: ", fmt, args);
	}
	va_end(args);
	crash();
	__builtin_unreachable();
}
