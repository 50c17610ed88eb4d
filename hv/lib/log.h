/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Umbra's own lines: "umbra: " + text + newline, to every console.
 */
#pragma once

#include "hv/lib/types.h"

enum log_level {
	LOG_ALWAYS = -1, /* verdicts: printed at every level */
	LOG_ERROR,
	LOG_WARN,
	LOG_INFO,
	LOG_DEBUG,
};

/*
 * Longest text of one line, in bytes; the rest is cut and marked with "...".
 */
#define LOG_LINE_MAX 240

/*
 * Print one line if @level is enabled. @fmt has no newline and no prefix.
 * Text that comes from a guest or a loader goes through log_escape() first.
 */
void log_line(enum log_level level, const char *fmt, ...) __printf(2, 3);

/* Lines above @level are dropped from now on. The default is LOG_INFO. */
void log_set_level(enum log_level level);

#define log_always(...) log_line(LOG_ALWAYS, __VA_ARGS__)
#define log_error(...)	log_line(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)	log_line(LOG_WARN, __VA_ARGS__)
#define log_info(...)	log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...)	log_line(LOG_DEBUG, __VA_ARGS__)

/*
 * Copy untrusted bytes into @dst as printable ASCII. Bytes outside 0x20-0x7e
 * become \xNN, \n or \t, a backslash is doubled; the copy stops at the first
 * NUL of @src or after @src_len bytes. @dst is always terminated; what does not
 * fit in @dst_size is cut and ends in "...". Returns @dst.
 */
char *log_escape(char *dst, size_t dst_size, const void *src, size_t src_len);
