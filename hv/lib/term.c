/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal: the screen as cells, and what moves them.
 *
 * Owns the cells; screens only show them. A screen is slow to write and must
 * not be read, so a cell is drawn only when it changes, even when the text
 * scrolls.
 *
 * I1  row < rows, col < cols, top < bottom <= rows, whatever is written.
 * I2  cells[] is what the screen shows, except for the cursor.
 *
 * It distrusts the bytes: they are a guest's.
 * Next: hv/lib/term_seq.c, the sequences; arch/x86/fb.c, a screen.
 */
#include "hv/lib/term_priv.h"

#include <string.h>

#define CELL_BLANK  ' '
#define FG_DEFAULT  7
#define BG_DEFAULT  0
#define BRIGHT	    8
#define FG_OWN	    15 /* Umbra's own lines: white */
#define BG_LAST	    4  /* on red, for last words */
#define TAB_WIDTH   8
#define UTF8_BLOCK  0xfe /* a black square */

static void program_reset(struct term *t)
{
	t->program = (struct term_program){
		.fg = FG_DEFAULT,
		.bg = BG_DEFAULT,
		.bottom = t->rows,
	};
}

void term_init(struct term *t, u32 rows, u32 cols, u16 *cells,
	       const struct term_ops *ops, void *ctx)
{
	*t = (struct term){
		.ops = ops,
		.ctx = ctx,
		.rows = rows,
		.cols = cols,
		.cells = cells,
	};
	term_reset(t);
	for (u32 i = 0; i < rows * cols; i++) {
		cells[i] = term_cell(t, CELL_BLANK);
	}
}

void term_reset(struct term *t)
{
	program_reset(t);
	t->row = t->col = 0;
	t->wrap = false;
	memset(&t->saved, 0, sizeof(t->saved));
	t->saved.fg = FG_DEFAULT;
}

u16 term_cell(const struct term *t, u8 c)
{
	const struct term_program *p = &t->program;
	u32 fg = p->fg | (p->bold ? BRIGHT : 0u);
	u32 bg = p->bg;

	if (p->reverse) {
		/* Backgrounds have no bright colours. */
		return (u16)(c | bg << 8 | (fg & 7) << 12);
	}
	return (u16)(c | fg << 8 | bg << 12);
}

static void set_cell(struct term *t, u32 row, u32 col, u16 cell)
{
	u16 *at = &t->cells[row * t->cols + col];

	if (*at != cell) {
		*at = cell;
		t->ops->draw(t->ctx, row, col, cell);
	}
}

void term_blank(struct term *t, u32 row, u32 col, u32 end)
{
	u16 blank = term_cell(t, CELL_BLANK);

	while (col < end) {
		set_cell(t, row, col++, blank);
	}
}

/* Hot: a new line mostly scrolls, and scrolling mostly calls this. */
static void copy_row(struct term *t, u32 to, u32 from)
{
	const u16 *source = &t->cells[from * t->cols];
	u16 *at = &t->cells[to * t->cols];
	u32 cols = t->cols;

	for (u32 col = 0; col < cols; col++) {
		if (at[col] != source[col]) {
			at[col] = source[col];
			t->ops->draw(t->ctx, to, col, source[col]);
		}
	}
}

void term_scroll_up(struct term *t, u32 top, u32 bottom, u32 n)
{
	n = min_u32(n, bottom - top);
	for (u32 row = top; row < bottom; row++) {
		if (bottom - row > n) {
			copy_row(t, row, row + n);
		} else {
			term_blank(t, row, 0, t->cols);
		}
	}
}

void term_scroll_down(struct term *t, u32 top, u32 bottom, u32 n)
{
	n = min_u32(n, bottom - top);
	for (u32 row = bottom; row-- > top;) {
		if (row - top >= n) {
			copy_row(t, row, row - n);
		} else {
			term_blank(t, row, 0, t->cols);
		}
	}
}

void term_shift(struct term *t, s32 by)
{
	u16 *row = &t->cells[t->row * t->cols];
	u32 n = min_u32((u32)(by < 0 ? -by : by), t->cols - t->col);

	if (by < 0) {
		for (u32 col = t->col; col + n < t->cols; col++) {
			set_cell(t, t->row, col, row[col + n]);
		}
		term_blank(t, t->row, t->cols - n, t->cols);
		return;
	}
	for (u32 col = t->cols; col-- > t->col + n;) {
		set_cell(t, t->row, col, row[col - n]);
	}
	term_blank(t, t->row, t->col, t->col + n);
}

void term_line_feed(struct term *t)
{
	t->wrap = false;
	if (t->pinned && t->row + 1 == t->rows && t->pin_row == 0) {
		t->full = true;
	} else if (t->row + 1 == t->program.bottom) {
		term_scroll_up(t, t->program.top, t->program.bottom, 1);
		t->pin_row -= t->pinned;
	} else if (t->row + 1 < t->rows) {
		t->row++;
	}
}

static void mark_full(struct term *t)
{
	u32 len = min_u32((u32)strlen(t->more), t->cols);

	for (u32 i = 0; i < len; i++) {
		set_cell(t, t->row, t->cols - len + i,
			 term_cell(t, (u8)t->more[i]));
	}
}

/* After one in the last column, the new line begins with the next character. */
static void print(struct term *t, u8 c)
{
	if (t->wrap) {
		t->col = 0;
		term_line_feed(t);
	}
	if (t->full) {
		mark_full(t);
		return;
	}
	set_cell(t, t->row, t->col, term_cell(t, c));
	if (t->col + 1 < t->cols) {
		t->col++;
	} else {
		t->wrap = true;
	}
}

void term_control(struct term *t, u8 c)
{
	switch (c) {
	case '\r':
		t->col = 0;
		t->wrap = false;
		break;
	case '\n':
	case '\v':
	case '\f':
		t->col = 0;
		term_line_feed(t);
		break;
	case '\b':
		t->col -= t->col > 0;
		t->wrap = false;
		break;
	case '\t':
		t->col = min_u32(ROUND_UP(t->col + 1, TAB_WIDTH), t->cols - 1);
		break;
	default:
		break;
	}
}

/* One byte of text. A stray continuation byte is a character of its own. */
static void text_byte(struct term *t, u8 c)
{
	struct term_program *p = &t->program;
	bool is_more = (c & 0xc0) == 0x80;

	if (p->utf8_left && is_more) {
		p->utf8_left--;
		return;
	}
	p->utf8_left = 0;
	if (c < 0x80) {
		print(t, c);
		return;
	}
	p->utf8_left = is_more ? 0 : c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
	print(t, UTF8_BLOCK);
}

static void write_bytes(struct term *t, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		u8 c = (u8)bytes[i];

		if (!term_sequence(t, c)) {
			text_byte(t, c);
		}
	}
}

/* Redraw the cell under the old cursor, even if the text has moved. */
static void update_cursor(struct term *t)
{
	const u16 *cells = t->cells;
	u32 old = t->drawn_row * t->cols + t->drawn_col;

	t->ops->draw(t->ctx, t->drawn_row, t->drawn_col, cells[old]);
	t->drawn_row = t->row;
	t->drawn_col = t->col;
	t->ops->cursor(t->ctx, t->row, t->col, cells[t->row * t->cols + t->col],
		       !t->program.hidden_cursor && !t->pinned);
}

void term_redraw(struct term *t)
{
	for (u32 row = 0; row < t->rows; row++) {
		for (u32 col = 0; col < t->cols; col++) {
			t->ops->draw(t->ctx, row, col,
				     t->cells[row * t->cols + col]);
		}
	}
	update_cursor(t);
}

void term_write(struct term *t, const char *bytes, size_t len)
{
	if (t->pinned) {
		return;
	}
	write_bytes(t, bytes, len);
	update_cursor(t);
}

void term_write_own(struct term *t, const char *bytes, size_t len)
{
	struct term_program saved = t->program;

	program_reset(t);
	t->program.fg = FG_OWN;
	t->program.bg = t->pinned ? BG_LAST : BG_DEFAULT;
	write_bytes(t, bytes, len);
	t->program = saved;
	update_cursor(t);
}

static void begin_line(struct term *t)
{
	if (t->col > 0 || t->wrap) {
		term_control(t, '\n');
	}
}

/*
 * A panic may come in the middle of a write: the invariants are restored
 * first.
 */
void term_pin(struct term *t, const char *more)
{
	if (t->pinned) {
		return;
	}
	program_reset(t);
	t->row = min_u32(t->row, t->rows - 1);
	begin_line(t);
	t->pin_row = t->row;
	t->pinned = true;
	t->more = more;
}

void term_unpin(struct term *t)
{
	if (!t->pinned) {
		return;
	}
	t->pinned = false;
	t->col = t->full ? t->cols - 1 : t->col;
	t->full = false;
	begin_line(t);
	update_cursor(t);
}
