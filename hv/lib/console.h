/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One console made of several: what is written goes to every sink, and all
 * that is typed forms one stream.
 */
#pragma once

#include "hv/lib/types.h"

#define CONSOLE_SINKS_MAX 4

/*
 * Capacity for bytes that wait to be read: a whole pasted text fits, so that
 * keys typed after it are seen even if the guest reads nothing.
 */
#define CONSOLE_INPUT_MAX (128u * 1024)

/* Where output goes. No function fails or waits long. */
struct console_sink {
	/* Print the guest's bytes. */
	void (*write)(void *ctx, const char *bytes, size_t len);
	/* Print Umbra's own bytes; NULL if write() does for these too. */
	void (*write_own)(void *ctx, const char *bytes, size_t len);
	/*
	 * Keep what follows in view, and show @more if not all of it fits;
	 * stop doing so. Both may be NULL.
	 */
	void (*pin)(void *ctx, const char *more);
	void (*unpin)(void *ctx);
};

/*
 * Add a sink, which stays in place. Beyond CONSOLE_SINKS_MAX it is ignored:
 * returns false.
 */
bool console_add(const struct console_sink *sink, void *ctx);

/* In characters; 0 if unknown, as on a serial line. */
struct console_size {
	u16 cols, rows;
};

void console_set_size(struct console_size size);
struct console_size console_size(void);

/* A guest's output, beside that of others. Zero at first. */
struct console_output {
	bool is_mute; /* what is written is dropped */
};

/*
 * Print for @o. Bytes are not changed. If another output has an unfinished
 * line, that line is ended first.
 */
void console_write_guest(struct console_output *o, const char *bytes,
			 size_t len);

/*
 * Print one line of Umbra's own; @text has no newline. A guest's unfinished
 * line is ended first.
 */
void console_write_line(const char *text);

/*
 * Call @fn(@ctx), which writes such lines, once: now, or when the line that a
 * guest has begun is complete. console_end_wait() stops waiting for that.
 */
void console_at_line_end(void (*fn)(void *ctx), void *ctx);
void console_end_wait(void);

/*
 * A final report follows: from now on every sink prints only Umbra's lines and
 * keeps the first of them in view; if not all fit, it shows @more, which is not
 * copied. Called again, after a panic while printing, it removes the sink that
 * was printing.
 */
void console_pin(const char *more);

/* Undo console_pin(): the user has read them and continues. */
void console_unpin(void);

/*
 * A byte was typed. One that finds CONSOLE_INPUT_MAX others waiting is lost
 * and counted. Interrupts are off.
 */
void console_input(u8 byte);

/* Is there room for another byte? A source that can wait asks first. */
bool console_has_room(void);

/*
 * Sources that wait for room are asked for more by @pull, when all that was
 * typed before has been read.
 */
void console_set_pull(void (*pull)(void));

/*
 * While the guest writes much without a pause, @look is called every now and
 * then, to see what was typed meanwhile.
 */
void console_set_look(void (*look)(void));

/* Take the oldest byte typed. Returns false when there is none. */
bool console_read(u8 *byte);

/* Bytes typed so far, and those of them that were lost. */
u32 console_input_count(void);
u32 console_input_lost(void);
