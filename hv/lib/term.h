/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A terminal: bytes in, character cells out. It is independent of the screen.
 *
 * A cell is a character of code page 437 in the low byte and a VGA attribute
 * in the high one: foreground in bits 0-3, background in bits 4-6, bit 7
 * clear.
 */
#pragma once

#include "hv/lib/types.h"

#define TERM_PARAMS_MAX 16

/* Where a terminal shows its cells. Row and column are always valid. */
struct term_ops {
	void (*draw)(void *ctx, u32 row, u32 col, u16 cell);
	/* Show the cursor at this place, over @cell, or hide it. */
	void (*cursor)(void *ctx, u32 row, u32 col, u16 cell, bool shown);
};

/* The state that a program's output changes, and may leave in disorder. */
struct term_program {
	u8 fg, bg; /* as VGA counts colours */
	bool bold, reverse, hidden_cursor;
	u32 top, bottom; /* the scroll region: rows from, to before */
	/* The sequence that has begun. */
	u8 state;
	u8 marker;	 /* what makes it a private one, or 0 */
	u8 utf8_left;	 /* continuation bytes to come */
	u16 string_left; /* bytes until an endless string is given up */
	u32 params;	 /* index of the last parameter so far */
	u32 param[TERM_PARAMS_MAX];
};

struct term {
	const struct term_ops *ops;
	void *ctx;
	u32 rows, cols;
	u16 *cells;   /* rows * cols, what the screen shows */
	u32 row, col; /* the cursor; always inside */
	bool wrap;    /* the next character begins a new line */
	u32 drawn_row, drawn_col;
	struct {
		u32 row, col;
		u8 fg, bg;
		bool bold, reverse;
	} saved;
	struct term_program program;
	bool pinned; /* only term_write_own() prints */
	u32 pin_row; /* the row of the last words' beginning */
	bool full;   /* pinned, and the last row is in use */
	const char *more; /* what says so */
};

/*
 * Set up a blank terminal of @rows times @cols (neither zero) on @cells.
 * Nothing is drawn before term_redraw().
 */
void term_init(struct term *t, u32 rows, u32 cols, u16 *cells,
	       const struct term_ops *ops, void *ctx);

/* Draw everything. */
void term_redraw(struct term *t);

/*
 * Bytes of the program on the terminal. CR, LF (which implies CR), BS, TAB,
 * and the ECMA-48 and VT100 sequences that BusyBox uses; others are ignored.
 * UTF-8 is decoded, but a character beyond ASCII shows as a block.
 */
void term_write(struct term *t, const char *bytes, size_t len);

/*
 * Bytes of the terminal's owner, Umbra. They are readable whatever state the
 * program left the terminal in; that state is restored after them.
 */
void term_write_own(struct term *t, const char *bytes, size_t len);

/*
 * Last words follow. From now on only term_write_own() prints, in white on
 * red. What was on the screen before may scroll away, but not their first
 * line: what then finds no room is dropped, leaving @more in the last row.
 */
void term_pin(struct term *t, const char *more);

/* They have been read: all output is printed again, after them. */
void term_unpin(struct term *t);
