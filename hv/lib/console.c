/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The console multiplexer.
 *
 * Output keeps one piece of state: whose line is unfinished. Input is a ring
 * buffer, written and read with interrupts off.
 *
 * Printing a line takes milliseconds, and a guest can offer megabytes at once:
 * input is polled in between, so that the user can stop it.
 *
 * Next: hv/lib/log.c writes here; arch/x86/uart.c, hv/pc/screen.c are sinks.
 */
#include "hv/lib/console.h"

#include <string.h>

static struct {
	const struct console_sink *sink;
	void *ctx;
} sinks[CONSOLE_SINKS_MAX];
static u32 count;
static u32 busy = CONSOLE_SINKS_MAX;   /* the sink at work, or none */
static struct console_output *in_line; /* has an unfinished line, or NULL */
static bool pinned;
static void (*at_line_end)(void *ctx); /* NULL: nothing waits for it */
static void *at_line_end_ctx;

/* Bytes of guest output between two polls of the input. */
#define LOOK_BYTES 1024u

static u32 until_look = LOOK_BYTES;

static struct {
	u8 bytes[CONSOLE_INPUT_MAX];
	u32 written, taken; /* free running; their difference is the fill */
	u32 lost;
	void (*pull)(void); /* may be NULL */
	void (*look)(void); /* likewise */
} input;

_Static_assert((CONSOLE_INPUT_MAX & (CONSOLE_INPUT_MAX - 1)) == 0,
	       "the ring's counters wrap");

bool console_add(const struct console_sink *sink, void *ctx)
{
	if (count == CONSOLE_SINKS_MAX) {
		return false;
	}
	sinks[count].sink = sink;
	sinks[count].ctx = ctx;
	count++;
	return true;
}

static struct console_size known_size;

void console_set_size(struct console_size size)
{
	known_size = size;
}

struct console_size console_size(void)
{
	return known_size;
}

static void write_all(bool own, const char *bytes, size_t len)
{
	for (u32 i = 0; i < count; i++) {
		const struct console_sink *s = sinks[i].sink;

		if (!s) {
			continue;
		}
		busy = i;
		if (own && s->write_own) {
			s->write_own(sinks[i].ctx, bytes, len);
		} else {
			s->write(sinks[i].ctx, bytes, len);
		}
		busy = CONSOLE_SINKS_MAX;
	}
}

static void look(size_t len)
{
	if (until_look > len) {
		until_look -= (u32)len;
		return;
	}
	until_look = LOOK_BYTES;
	if (input.look) {
		input.look();
	}
}

/* A carriage return alone does not end a line: the next text overwrites it. */
static bool is_in_line(const char *bytes, size_t len)
{
	while (len > 0 && bytes[len - 1] == '\r') {
		len--;
	}
	return len > 0 ? bytes[len - 1] != '\n' : in_line != NULL;
}

static void end_guest_line(void)
{
	if (in_line) {
		in_line = NULL;
		write_all(true, "\r\n", 2);
	}
}

static void write_guest(struct console_output *o, const char *bytes, size_t len)
{
	if (len == 0 || o->is_mute) {
		return;
	}
	if (in_line != o) {
		end_guest_line();
	}
	write_all(false, bytes, len);
	in_line = is_in_line(bytes, len) ? o : NULL;
}

/* How many of the bytes belong to the first line. */
static size_t up_to_line_end(const char *bytes, size_t len)
{
	const char *end = memchr(bytes, '\n', len);

	return end ? (size_t)(end - bytes) + 1 : len;
}

void console_write_guest(struct console_output *o, const char *bytes,
			 size_t len)
{
	if (len == 0 || pinned) {
		return;
	}
	look(len);
	while (at_line_end && len > 0) {
		size_t n = up_to_line_end(bytes, len);

		write_guest(o, bytes, n);
		if (!in_line) {
			console_end_wait();
		}
		bytes += n;
		len -= n;
	}
	write_guest(o, bytes, len);
}

void console_at_line_end(void (*fn)(void *ctx), void *ctx)
{
	at_line_end = fn;
	at_line_end_ctx = ctx;
	if (!in_line) {
		console_end_wait();
	}
}

void console_end_wait(void)
{
	void (*fn)(void *ctx) = at_line_end;

	at_line_end = NULL;
	if (fn) {
		fn(at_line_end_ctx);
	}
}

void console_write_line(const char *text)
{
	end_guest_line();
	write_all(true, text, strlen(text));
	write_all(true, "\r\n", 2);
}

void console_pin(const char *more)
{
	if (pinned) {
		if (busy < count) {
			sinks[busy].sink = NULL;
		}
		return;
	}
	pinned = true;
	end_guest_line();
	for (u32 i = 0; i < count; i++) {
		if (sinks[i].sink && sinks[i].sink->pin) {
			busy = i;
			sinks[i].sink->pin(sinks[i].ctx, more);
			busy = CONSOLE_SINKS_MAX;
		}
	}
}

void console_unpin(void)
{
	if (!pinned) {
		return;
	}
	pinned = false;
	for (u32 i = 0; i < count; i++) {
		if (sinks[i].sink && sinks[i].sink->unpin) {
			sinks[i].sink->unpin(sinks[i].ctx);
		}
	}
}

void console_input(u8 byte)
{
	if (input.written - input.taken == CONSOLE_INPUT_MAX) {
		input.lost++;
		return;
	}
	input.bytes[input.written++ % CONSOLE_INPUT_MAX] = byte;
}

bool console_has_room(void)
{
	return input.written - input.taken < CONSOLE_INPUT_MAX;
}

void console_set_pull(void (*pull)(void))
{
	input.pull = pull;
}

void console_set_look(void (*fn)(void))
{
	input.look = fn;
}

bool console_read(u8 *byte)
{
	if (input.taken == input.written && input.pull) {
		input.pull();
	}
	if (input.taken == input.written) {
		return false;
	}
	*byte = input.bytes[input.taken++ % CONSOLE_INPUT_MAX];
	return true;
}

u32 console_input_count(void)
{
	return input.written + input.lost;
}

u32 console_input_lost(void)
{
	return input.lost;
}
