/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own lines: kept for dmesg, and shown on the console as
 * "gnomon: ..." if they are for the user.
 */
#pragma once

#include <stdint.h>

void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A bug of the kernel: say what, and end the machine. */
void panic(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/* --- where they go --- */

/* Before the first line: what needs no driver, and what ends all. */
void log_init(void (*write)(const char *bytes, uint32_t n), void (*end)(void));
/* From now on lines are shown by @write, but for the last words. */
void log_set_console(void (*write)(const char *bytes, uint32_t n));
/* @fn is called after each line but the last words. */
void log_set_listener(void (*fn)(void));

/* --- what is kept, as syslog() gives it: "<level>text" --- */

#define LOG_SIZE 8192u

/* Of the oldest byte, and behind the newest; they wrap. */
uint32_t log_start(void);
uint32_t log_end(void);
const char *log_byte(uint32_t at);

extern char log_hidden_level; /* this and above are not shown */
