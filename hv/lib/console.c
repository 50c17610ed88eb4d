/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The console multiplexer. It keeps one bit of state: is the guest in the
 * middle of a line?
 *
 * Next: hv/lib/log.c writes here, arch/x86/uart.c is a sink.
 */
#include "hv/lib/console.h"

#include <string.h>

struct sink {
	console_sink_fn fn;
	void *ctx;
};

static struct sink sinks[CONSOLE_SINKS_MAX];
static u32 count;
static bool guest_in_line;

bool console_add(console_sink_fn fn, void *ctx)
{
	if (count == CONSOLE_SINKS_MAX) {
		return false;
	}
	sinks[count++] = (struct sink){ fn, ctx };
	return true;
}

u32 console_count(void)
{
	return count;
}

static void write_all(const char *bytes, size_t len)
{
	for (u32 i = 0; i < count; i++) {
		sinks[i].fn(sinks[i].ctx, bytes, len);
	}
}

void console_write_guest(const char *bytes, size_t len)
{
	if (len == 0) {
		return;
	}
	write_all(bytes, len);
	guest_in_line = bytes[len - 1] != '\n' && bytes[len - 1] != '\r';
}

void console_write_line(const char *text)
{
	if (guest_in_line) {
		write_all("\r\n", 2);
		guest_in_line = false;
	}
	write_all(text, strlen(text));
	write_all("\r\n", 2);
}
