/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal's control sequences.
 *
 * Queries (DSR, DA) get no answer: a serial terminal that shows the same output
 * answers them too, and a program expects one answer.
 *
 * Rules: ECMA-48, 5.4 "Control sequences", 8.3 "Definition of control
 * functions"; the private ones as the VT100 User Guide has them, chapter 3.
 */
#include "hv/lib/term_priv.h"

#include <string.h>

#define ESC	   0x1b
#define BELL	   0x07
#define CANCEL	   0x18
#define SUBST	   0x1a
#define DELETE	   0x7f
#define PARAM_MAX  9999u
#define STRING_MAX 512u /* an unterminated string ends after so many bytes */

#define MODE_CURSOR 25 /* ?25: is it shown? */

enum state {
	TEXT,
	ESCAPE,
	SKIP_ONE, /* a character set's name and the like */
	CONTROL,
	STRING,
	STRING_ESCAPE,
};

/* From ECMA-48's order of colours to the VGA's. */
static const u8 vga_colour[8] = { 0, 4, 2, 6, 1, 5, 3, 7 };

#define BRIGHT	   8
#define FG_DEFAULT 7
#define BG_DEFAULT 0

static u32 arg(const struct term *t, u32 i, u32 standard)
{
	return t->program.param[i] ? t->program.param[i] : standard;
}

static void move_to(struct term *t, u32 row, u32 col)
{
	t->row = min_u32(row, t->rows - 1);
	t->col = min_u32(col, t->cols - 1);
	t->wrap = false;
}

static u32 minus(u32 a, u32 b)
{
	return a > b ? a - b : 0;
}

/* ED, EL: 0 from the cursor on, 1 up to it and with it, 2 and 3 all. */
static void erase_in_line(struct term *t, u32 what)
{
	term_blank(t, t->row, what == 0 ? t->col : 0,
		   what == 1 ? t->col + 1 : t->cols);
}

static void erase_in_screen(struct term *t, u32 what)
{
	for (u32 row = 0; row < t->rows; row++) {
		if (row == t->row) {
			erase_in_line(t, what);
		} else if (what >= 2 || (row < t->row) == (what == 1)) {
			term_blank(t, row, 0, t->cols);
		}
	}
}

/* IL, DL: the rows from the cursor to the end of the region move. */
static void shift_rows(struct term *t, bool down, u32 n)
{
	const struct term_program *p = &t->program;

	if (t->row < p->top || t->row >= p->bottom) {
		return;
	}
	if (down) {
		term_scroll_down(t, t->row, p->bottom, n);
	} else {
		term_scroll_up(t, t->row, p->bottom, n);
	}
	t->col = 0;
	t->wrap = false;
}

static void set_region(struct term *t)
{
	u32 top = arg(t, 0, 1) - 1;
	u32 bottom = min_u32(arg(t, 1, t->rows), t->rows);

	if (top < bottom) {
		t->program.top = top;
		t->program.bottom = bottom;
		move_to(t, 0, 0);
	}
}

static void save_cursor(struct term *t)
{
	const struct term_program *p = &t->program;

	t->saved.row = t->row;
	t->saved.col = t->col;
	t->saved.fg = p->fg;
	t->saved.bg = p->bg;
	t->saved.bold = p->bold;
	t->saved.reverse = p->reverse;
}

static void restore_cursor(struct term *t)
{
	struct term_program *p = &t->program;

	move_to(t, t->saved.row, t->saved.col);
	p->fg = t->saved.fg;
	p->bg = t->saved.bg;
	p->bold = t->saved.bold;
	p->reverse = t->saved.reverse;
}

/*
 * 38 and 48: a colour from a palette, or by its components. The palette's first
 * sixteen are supported; any other leaves the colour unchanged. Returns how
 * many parameters were used after the first.
 */
static u32 extended_colour(struct term_program *p, u32 i)
{
	u32 kind = i + 1 < TERM_PARAMS_MAX ? p->param[i + 1] : 0;
	u32 n = i + 2 < TERM_PARAMS_MAX ? p->param[i + 2] : 16;

	if (kind == 5 && n < 16) {
		if (p->param[i] == 38) {
			p->fg = vga_colour[n % 8] | (n < 8 ? 0 : BRIGHT);
		} else {
			p->bg = vga_colour[n % 8];
		}
	}
	return kind == 5 ? 2 : kind == 2 ? 4 : 0;
}

static void select_colour(struct term_program *p, u32 n)
{
	if (n >= 30 && n <= 37) {
		p->fg = vga_colour[n - 30];
	} else if (n >= 40 && n <= 47) {
		p->bg = vga_colour[n - 40];
	} else if (n >= 90 && n <= 97) {
		p->fg = vga_colour[n - 90] | BRIGHT;
	} else if (n >= 100 && n <= 107) {
		p->bg = vga_colour[n - 100];
	}
}

static void select_rendition(struct term_program *p, u32 n)
{
	switch (n) {
	case 0:
		p->bold = p->reverse = false;
		p->fg = FG_DEFAULT;
		p->bg = BG_DEFAULT;
		break;
	case 1:
	case 22:
		p->bold = n == 1;
		break;
	case 7:
	case 27:
		p->reverse = n == 7;
		break;
	case 39:
		p->fg = FG_DEFAULT;
		break;
	case 49:
		p->bg = BG_DEFAULT;
		break;
	default:
		select_colour(p, n);
		break;
	}
}

static void select_renditions(struct term_program *p)
{
	for (u32 i = 0; i <= p->params && i < TERM_PARAMS_MAX; i++) {
		if (p->param[i] == 38 || p->param[i] == 48) {
			i += extended_colour(p, i);
		} else {
			select_rendition(p, p->param[i]);
		}
	}
}

static void private_final(struct term_program *p, u8 c)
{
	if (p->marker != '?' || (c != 'h' && c != 'l')) {
		return;
	}
	for (u32 i = 0; i <= p->params && i < TERM_PARAMS_MAX; i++) {
		if (p->param[i] == MODE_CURSOR) {
			p->hidden_cursor = c == 'l';
		}
	}
}

/* The last character of a sequence that moves the cursor. */
static bool cursor_final(struct term *t, u8 c)
{
	u32 n = arg(t, 0, 1);

	switch (c) {
	case 'A':
		move_to(t, minus(t->row, n), t->col);
		return true;
	case 'B':
	case 'e':
		move_to(t, t->row + n, t->col);
		return true;
	case 'C':
	case 'a':
		move_to(t, t->row, t->col + n);
		return true;
	case 'D':
		move_to(t, t->row, minus(t->col, n));
		return true;
	case 'E':
		move_to(t, t->row + n, 0);
		return true;
	case 'F':
		move_to(t, minus(t->row, n), 0);
		return true;
	case 'G':
	case '`':
		move_to(t, t->row, n - 1);
		return true;
	case 'd':
		move_to(t, n - 1, t->col);
		return true;
	case 'H':
	case 'f':
		move_to(t, n - 1, arg(t, 1, 1) - 1);
		return true;
	default:
		return false;
	}
}

static void final(struct term *t, u8 c)
{
	struct term_program *p = &t->program;
	u32 n = arg(t, 0, 1);

	switch (c) {
	case 'J':
		erase_in_screen(t, p->param[0]);
		break;
	case 'K':
		erase_in_line(t, p->param[0]);
		break;
	case 'L':
	case 'M':
		shift_rows(t, c == 'L', n);
		break;
	case 'P':
		term_shift(t, -(s32)n);
		break;
	case '@':
		term_shift(t, (s32)n);
		break;
	case 'X':
		term_blank(t, t->row, t->col, min_u32(t->col + n, t->cols));
		break;
	case 'S':
		term_scroll_up(t, p->top, p->bottom, n);
		break;
	case 'T':
		term_scroll_down(t, p->top, p->bottom, n);
		break;
	case 'm':
		select_renditions(p);
		break;
	case 'r':
		set_region(t);
		break;
	case 's':
		save_cursor(t);
		break;
	case 'u':
		restore_cursor(t);
		break;
	default:
		break;
	}
}

static void in_control(struct term *t, u8 c)
{
	struct term_program *p = &t->program;

	if (c >= '0' && c <= '9') {
		if (p->params < TERM_PARAMS_MAX) {
			u32 *n = &p->param[p->params];

			*n = min_u32(*n * 10 + c - '0', PARAM_MAX);
		}
	} else if (c == ';' || c == ':') {
		p->params += p->params < TERM_PARAMS_MAX;
	} else if (c < '@') {
		/* Private parameters, and bytes before the final one. */
		p->marker = c;
	} else {
		p->state = TEXT;
		if (p->marker) {
			private_final(p, c);
		} else if (!cursor_final(t, c)) {
			final(t, c);
		}
	}
}

static void clear_all(struct term *t)
{
	term_reset(t);
	erase_in_screen(t, 2);
}

static void reverse_line_feed(struct term *t)
{
	t->wrap = false;
	if (t->row == t->program.top) {
		term_scroll_down(t, t->program.top, t->program.bottom, 1);
	} else {
		t->row = minus(t->row, 1);
	}
}

static void begin_control(struct term_program *p)
{
	p->state = CONTROL;
	p->marker = 0;
	p->params = 0;
	memset(p->param, 0, sizeof(p->param));
}

static void in_escape(struct term *t, u8 c)
{
	struct term_program *p = &t->program;

	p->state = TEXT;
	switch (c) {
	case '[':
		begin_control(p);
		break;
	case ']':
	case 'P':
	case 'X':
	case '^':
	case '_':
		p->state = STRING;
		p->string_left = STRING_MAX;
		break;
	case '7':
		save_cursor(t);
		break;
	case '8':
		restore_cursor(t);
		break;
	case 'D':
		term_line_feed(t);
		break;
	case 'E':
		term_control(t, '\n');
		break;
	case 'M':
		reverse_line_feed(t);
		break;
	case 'c':
		clear_all(t);
		break;
	default:
		p->state = c < '0' ? SKIP_ONE : TEXT;
		break;
	}
}

/* Ended by BEL, ESC \ or STRING_MAX; any other ESC x begins a new sequence. */
static void in_string(struct term *t, u8 c)
{
	struct term_program *p = &t->program;

	if (p->state == STRING_ESCAPE) {
		p->state = TEXT;
		if (c != '\\') {
			in_escape(t, c);
		}
	} else if (c == ESC) {
		p->state = STRING_ESCAPE;
	} else if (c == BELL || c == CANCEL || c == SUBST ||
		   --p->string_left == 0) {
		p->state = TEXT;
	}
}

bool term_sequence(struct term *t, u8 c)
{
	struct term_program *p = &t->program;

	if (p->state == STRING || p->state == STRING_ESCAPE) {
		in_string(t, c);
	} else if (c == ESC) {
		p->state = ESCAPE;
	} else if (c == CANCEL || c == SUBST) {
		p->state = TEXT;
	} else if (c < ' ') {
		/* Control characters act even inside a sequence. */
		term_control(t, c);
	} else if (c == DELETE) {
		return true;
	} else if (p->state == TEXT) {
		return false;
	} else if (p->state == CONTROL) {
		in_control(t, c);
	} else if (p->state == ESCAPE) {
		in_escape(t, c);
	} else {
		p->state = TEXT;
	}
	return true;
}
