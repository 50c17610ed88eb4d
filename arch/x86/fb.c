/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cells on a linear framebuffer.
 *
 * I1  The framebuffer is never read, and written in units of four bytes,
 *     since each access may cross a bus.
 * I2  Nothing outside of [base, base + pitch * height) is touched:
 *     fb_init() refuses modes in which a cell could lie elsewhere.
 *
 * It distrusts the loader's numbers.
 * Next: hv/lib/term.c, which decides what is shown.
 */
#include "arch/x86/fb.h"

#include <string.h>

#include "arch/x86/font.h"

/* Larger than any screen, and small enough to map. */
#define SIZE_MAX_BYTES 0x10000000u

#define COLS_MIN 20u
#define ROWS_MIN 5u

/* The VGA's sixteen colours: 0xRRGGBB. */
static const u32 colours[16] = {
	0x000000, 0x0000aa, 0x00aa00, 0x00aaaa, 0xaa0000, 0xaa00aa,
	0xaa5500, 0xaaaaaa, 0x555555, 0x5555ff, 0x55ff55, 0x55ffff,
	0xff5555, 0xff55ff, 0xffff55, 0xffffff,
};

/* A word of video memory, aligned or not. */
struct word {
	u32 value;
} __packed;

static void store(u8 *to, u32 value)
{
	((volatile struct word *)to)->value = value;
}

/* Eight bits of a colour as the bits that the mode has for it. */
static u32 colour_bits(struct fb_colour c, u32 value)
{
	value = c.bits <= 8 ? value >> (8 - c.bits) : value << (c.bits - 8);
	return value << c.shift;
}

static bool colour_fits(struct fb_colour c, u32 bpp)
{
	return c.bits >= 1 && c.bits <= 16 && c.shift < bpp &&
	       c.bits <= bpp - c.shift;
}

static const char *check(const struct fb_mode *m)
{
	u32 bytes = (m->bpp + 7) / 8;

	if (m->bpp != 15 && m->bpp != 16 && m->bpp != 24 && m->bpp != 32) {
		return "its pixels are neither 15, 16, 24 nor 32 bits";
	}
	if (!colour_fits(m->red, m->bpp) || !colour_fits(m->green, m->bpp) ||
	    !colour_fits(m->blue, m->bpp)) {
		return "its colours lie outside of its pixels";
	}
	if (m->width < COLS_MIN * FONT_WIDTH ||
	    m->height < ROWS_MIN * FONT_HEIGHT) {
		return "it is too small";
	}
	if (m->width > SIZE_MAX_BYTES / bytes || m->pitch < m->width * bytes ||
	    m->height > SIZE_MAX_BYTES / m->pitch) {
		return "its lines do not fit";
	}
	return NULL;
}

static void set_scale(struct fb *f, u32 scale)
{
	f->scale = scale;
	f->cols = f->mode.width / (FONT_WIDTH * scale);
	f->rows = f->mode.height / (FONT_HEIGHT * scale);
}

static void choose_cells(struct fb *f)
{
	set_scale(f, 1);
	while ((f->cols > FB_COLS_MAX || f->rows > FB_ROWS_MAX) &&
	       f->scale < FB_SCALE_MAX) {
		set_scale(f, f->scale + 1);
	}
	if (f->cols < COLS_MIN || f->rows < ROWS_MIN) {
		set_scale(f, 1);
	}
	f->cols = min_u32(f->cols, FB_COLS_MAX);
	f->rows = min_u32(f->rows, FB_ROWS_MAX);
}

const char *fb_init(struct fb *f, const struct fb_mode *mode)
{
	const char *error = check(mode);

	if (error) {
		return error;
	}
	*f = (struct fb){ .mode = *mode, .bytes = (mode->bpp + 7) / 8 };
	choose_cells(f);
	for (u32 i = 0; i < ARRAY_SIZE(colours); i++) {
		f->palette[i] =
			colour_bits(mode->red, colours[i] >> 16) |
			colour_bits(mode->green, colours[i] >> 8 & 0xff) |
			colour_bits(mode->blue, colours[i] & 0xff);
	}
	return NULL;
}

u32 fb_size(const struct fb *f)
{
	return f->mode.pitch * f->mode.height;
}

void fb_attach(struct fb *f, void *base)
{
	f->base = base;
}

void fb_clear(struct fb *f)
{
	u32 line = f->mode.width * f->bytes;

	for (u32 y = 0; f->base && y < f->mode.height; y++) {
		u8 *to = f->base + y * f->mode.pitch;

		for (u32 i = 0; i + 4 <= line; i += 4) {
			store(to + i, 0);
		}
		for (u32 i = line & ~3u; i < line; i++) {
			*(volatile u8 *)(to + i) = 0;
		}
	}
}

/*
 * One line of a glyph as video memory, in @out. Returns its bytes, always a
 * multiple of four.
 */
static u32 render(const struct fb *f, u8 bits, u32 fg, u32 bg, u8 *out)
{
	u8 *at = out;

	for (u32 x = 0; x < FONT_WIDTH * f->scale; x++) {
		u32 set = bits >> (FONT_WIDTH - 1 - x / f->scale) & 1;
		u32 pixel = set ? fg : bg;

		for (u32 i = 0; i < f->bytes; i++) {
			*at++ = (u8)(pixel >> 8 * i);
		}
	}
	return (u32)(at - out);
}

static void draw_colours(struct fb *f, u32 row, u32 col, u8 c, u32 fg, u32 bg)
{
	u32 words[FONT_WIDTH * FB_SCALE_MAX];
	u8 *to = f->base + row * FONT_HEIGHT * f->scale * f->mode.pitch +
		 col * FONT_WIDTH * f->scale * f->bytes;

	for (u32 y = 0; y < FONT_HEIGHT * f->scale; y++) {
		u32 len = render(f, font_glyphs[c][y / f->scale], fg, bg,
				 (u8 *)words);

		for (u32 i = 0; i < len / 4; i++) {
			store(to + 4 * i, words[i]);
		}
		to += f->mode.pitch;
	}
}

static void draw(void *ctx, u32 row, u32 col, u16 cell)
{
	struct fb *f = ctx;

	if (f->base) {
		draw_colours(f, row, col, (u8)cell, f->palette[cell >> 8 & 15],
			     f->palette[cell >> 12 & 7]);
	}
}

/* The cursor is its cell with the colours exchanged. */
static void cursor(void *ctx, u32 row, u32 col, u16 cell, bool shown)
{
	struct fb *f = ctx;

	if (f->base && shown) {
		draw_colours(f, row, col, (u8)cell, f->palette[cell >> 12 & 7],
			     f->palette[cell >> 8 & 15]);
	}
}

const struct term_ops fb_ops = { draw, cursor };
