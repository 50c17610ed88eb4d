/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A linear framebuffer as a screen of character cells.
 */
#pragma once

#include "hv/lib/term.h"

/* Above this number of cells, cells are made larger instead. */
#define FB_COLS_MAX  240u
#define FB_ROWS_MAX  80u
#define FB_SCALE_MAX 8u

/* One colour's bits within a pixel. */
struct fb_colour {
	u32 shift;
	u32 bits;
};

/* The loader's description of the framebuffer. */
struct fb_mode {
	u32 pitch; /* bytes from one line to the next */
	u32 width, height;
	u32 bpp; /* bits per pixel: 15, 16, 24 or 32 */
	struct fb_colour red, green, blue;
};

struct fb {
	struct fb_mode mode;
	u8 *base;  /* its first byte; NULL: not reachable now */
	u32 bytes; /* per pixel */
	u32 scale; /* pixels per pixel of the font */
	u32 rows, cols;
	u32 palette[16];
};

/* How a struct fb shows a struct term; the struct fb is its context. */
extern const struct term_ops fb_ops;

/*
 * Check what the loader said, and choose the number of cells. Returns NULL,
 * or why this mode cannot be used. Nothing is drawn before fb_attach().
 */
const char *fb_init(struct fb *f, const struct fb_mode *mode) __must_check;

/* Bytes that must be reachable at @base. */
u32 fb_size(const struct fb *f);

/*
 * From now on the framebuffer is reached at @base, or nowhere when that is
 * NULL.
 */
void fb_attach(struct fb *f, void *base);

/* Paint it black, also where no cell lies. */
void fb_clear(struct fb *f);
