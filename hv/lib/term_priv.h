/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the two halves of the terminal: term.c moves cells, term_seq.c
 * understands sequences.
 */
#pragma once

#include "hv/lib/term.h"

/*
 * Take a control character or a part of a sequence. Returns false when @c is
 * text.
 */
bool term_sequence(struct term *t, u8 c);

/* Back to the first state, cursor at home; the cells stay. */
void term_reset(struct term *t);

/* @c in the present colours. */
u16 term_cell(const struct term *t, u8 c);

/* A control character that is no part of a sequence. */
void term_control(struct term *t, u8 c);

/* One row down, scrolling the region at its end. */
void term_line_feed(struct term *t);

/* Blank columns @col to before @end of @row. */
void term_blank(struct term *t, u32 row, u32 col, u32 end);

/* Move rows @top to before @bottom by @n, and blank the vacated ones. */
void term_scroll_up(struct term *t, u32 top, u32 bottom, u32 n);
void term_scroll_down(struct term *t, u32 top, u32 bottom, u32 n);

/*
 * Move the rest of the row, from the cursor on, by @by columns (negative: to
 * the left), and blank the vacated cells.
 */
void term_shift(struct term *t, s32 by);
