/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One console made of several: what is written goes to every sink.
 */
#pragma once

#include "hv/lib/types.h"

#define CONSOLE_SINKS_MAX 4

/* Print @len bytes. @ctx is the sink's own. Never fails, never waits long. */
typedef void (*console_sink_fn)(void *ctx, const char *bytes, size_t len);

/* Add a sink. Beyond CONSOLE_SINKS_MAX it is ignored: returns false. */
bool console_add(console_sink_fn fn, void *ctx);

/* How many sinks there are. */
u32 console_count(void);

/* The guest's output: bytes go out untouched. */
void console_write_guest(const char *bytes, size_t len);

/*
 * One line of Umbra's own, without newline. It never begins in the middle
 * of a guest's line: that one is ended first.
 */
void console_write_line(const char *text);
