// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * arch/x86/fb.c: cells drawn into a fake framebuffer of exactly the bytes
 * that the mode has, and compared with the font, pixel by pixel. Bytes
 * between the lines must stay as they were.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "arch/x86/fb.h"
#include "arch/x86/font.h"

#define UNTOUCHED 0xee

static const struct fb_mode modes[] = {
	{ 1280, 640, 480, 15, { 10, 5 }, { 5, 5 }, { 0, 5 } },
	{ 1280, 640, 480, 16, { 11, 5 }, { 5, 6 }, { 0, 5 } },
	{ 1921, 640, 480, 24, { 16, 8 }, { 8, 8 }, { 0, 8 } },
	{ 2500, 805, 607, 24, { 0, 8 }, { 8, 8 }, { 16, 8 } },
	{ 2560, 640, 480, 32, { 16, 8 }, { 8, 8 }, { 0, 8 } },
	{ 5123, 1280, 800, 32, { 20, 10 }, { 10, 10 }, { 0, 10 } },
	{ 3200, 800, 600, 32, { 24, 8 }, { 16, 8 }, { 8, 8 } },
	/* Twice and three times as large. */
	{ 3860, 1930, 1000, 16, { 11, 5 }, { 5, 6 }, { 0, 5 } },
	{ 5793, 1931, 1000, 24, { 16, 8 }, { 8, 8 }, { 0, 8 } },
	{ 16000, 4000, 1000, 32, { 16, 8 }, { 8, 8 }, { 0, 8 } },
	/* Too flat to be enlarged: a part stays black. */
	{ 8000, 4000, 100, 16, { 11, 5 }, { 5, 6 }, { 0, 5 } },
};

static const u32 vga[16] = {
	0x000000, 0x0000aa, 0x00aa00, 0x00aaaa, 0xaa0000, 0xaa00aa,
	0xaa5500, 0xaaaaaa, 0x555555, 0x5555ff, 0x55ff55, 0x55ffff,
	0xff5555, 0xff55ff, 0xffff55, 0xffffff,
};

static struct fb fb;
static u16 cells[FB_ROWS_MAX * FB_COLS_MAX];

static u32 channel(struct fb_colour c, u32 value)
{
	/* The value's bits from the top, as many as there are. */
	u32 bits = 0;

	for (u32 i = 0; i < c.bits; i++) {
		bits = bits << 1 | (i < 8 ? value >> (7 - i) & 1 : 0);
	}
	return bits << c.shift;
}

static u32 pixel_of(const struct fb_mode *m, u32 attribute)
{
	u32 rgb = vga[attribute];

	return channel(m->red, rgb >> 16) | channel(m->green, rgb >> 8 & 255) |
	       channel(m->blue, rgb & 255);
}

static u32 wanted(const struct fb_mode *m, u32 x, u32 y)
{
	u32 col = x / (8 * fb.scale);
	u32 row = y / (16 * fb.scale);
	u16 cell;
	u32 set;

	if (row >= fb.rows || col >= fb.cols) {
		return 0;
	}
	cell = cells[row * fb.cols + col];
	set = font_glyphs[cell & 255][y / fb.scale % 16] >>
		      (7 - x / fb.scale % 8) &
	      1;
	return pixel_of(m, set ? cell >> 8 & 15 : cell >> 12);
}

static void compare(const struct fb_mode *m, const u8 *base)
{
	u32 bytes = (m->bpp + 7) / 8;

	for (u32 y = 0; y < m->height; y++) {
		const u8 *line = base + (size_t)y * m->pitch;

		for (u32 x = 0; x < m->width; x++) {
			u32 pixel = 0;

			memcpy(&pixel, line + x * bytes, bytes);
			if (pixel != wanted(m, x, y)) {
				fail_msg("%ux%ux%u: pixel %u, %u is 0x%x",
					 m->width, m->height, m->bpp, x, y,
					 pixel);
			}
		}
		for (u32 i = m->width * bytes; i < m->pitch; i++) {
			assert_int_equal(line[i], UNTOUCHED);
		}
	}
}

static void draw_all(void)
{
	for (u32 i = 0; i < fb.rows * fb.cols; i++) {
		cells[i] = (u16)(i * 40503u >> 3 & 0x7fff);
		fb_ops.draw(&fb, i / fb.cols, i % fb.cols, cells[i]);
	}
}

static void test_pixels(void **state)
{
	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(modes); i++) {
		const struct fb_mode *m = &modes[i];
		u8 *base;

		assert_null(fb_init(&fb, m));
		assert_int_equal(fb_size(&fb), m->pitch * m->height);
		/* Nothing is reachable yet: this must do nothing. */
		fb_clear(&fb);
		fb_ops.draw(&fb, 0, 0, 0x0741);
		fb_ops.cursor(&fb, 0, 0, 0x0741, true);
		base = malloc(fb_size(&fb));
		assert_non_null(base);
		memset(base, UNTOUCHED, fb_size(&fb));
		fb_attach(&fb, base);
		memset(cells, 0, sizeof(cells));
		fb_clear(&fb);
		compare(m, base);
		draw_all();
		compare(m, base);
		fb_ops.cursor(&fb, 1, 2, 0x0741, false);
		compare(m, base);
		/* The cursor is the cell with its colours exchanged. */
		fb_ops.cursor(&fb, 1, 2, 0x1741, true);
		cells[fb.cols + 2] = 0x7141;
		compare(m, base);
		free(base);
	}
}

static void test_cells(void **state)
{
	static const u32 want[][3] = {
		{ 1, 80, 30 },	{ 1, 80, 30 },	{ 1, 80, 30 },	{ 1, 100, 37 },
		{ 1, 80, 30 },	{ 1, 160, 50 }, { 1, 100, 37 }, { 2, 120, 31 },
		{ 2, 120, 31 }, { 3, 166, 20 }, { 1, 240, 6 },
	};

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(modes); i++) {
		assert_null(fb_init(&fb, &modes[i]));
		assert_int_equal(fb.scale, want[i][0]);
		assert_int_equal(fb.cols, want[i][1]);
		assert_int_equal(fb.rows, want[i][2]);
	}
}

static void test_refused(void **state)
{
	static const struct fb_mode bad[] = {
		{ 640, 640, 480, 8, { 5, 3 }, { 2, 3 }, { 0, 2 } },
		{ 2560, 640, 480, 0, { 16, 8 }, { 8, 8 }, { 0, 8 } },
		{ 2560, 640, 480, 0xffffffff, { 16, 8 }, { 8, 8 }, { 0, 8 } },
		{ 2560, 640, 480, 64, { 16, 8 }, { 8, 8 }, { 0, 8 } },
		/* Colours outside of the pixel, or none. */
		{ 2560, 640, 480, 32, { 25, 8 }, { 8, 8 }, { 0, 8 } },
		{ 2560, 640, 480, 32, { 16, 8 }, { 32, 8 }, { 0, 8 } },
		{ 2560, 640, 480, 32, { 16, 8 }, { 8, 8 }, { 255, 255 } },
		{ 2560, 640, 480, 32, { 16, 8 }, { 8, 0 }, { 0, 8 } },
		{ 2560, 640, 480, 32, { 16, 8 }, { 8, 17 }, { 0, 8 } },
		{ 1280, 640, 480, 15, { 11, 5 }, { 5, 6 }, { 0, 5 } },
		/* Sizes. */
		{ 2559, 640, 480, 32, { 16, 8 }, { 8, 8 }, { 0, 8 } },
		{ 2560, 0, 480, 32, { 16, 8 }, { 8, 8 }, { 0, 8 } },
		{ 2560, 640, 0, 32, { 16, 8 }, { 8, 8 }, { 0, 8 } },
		{ 2560, 159, 480, 32, { 16, 8 }, { 8, 8 }, { 0, 8 } },
		{ 2560, 640, 79, 32, { 16, 8 }, { 8, 8 }, { 0, 8 } },
		{ 0, 0x40000000, 480, 32, { 16, 8 }, { 8, 8 }, { 0, 8 } },
		{ 0x10000000, 640, 480, 32, { 16, 8 }, { 8, 8 }, { 0, 8 } },
		{ 2560, 640, 0x80000000, 32, { 16, 8 }, { 8, 8 }, { 0, 8 } },
		{ 0xffffffff, 640, 480, 32, { 16, 8 }, { 8, 8 }, { 0, 8 } },
	};

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(bad); i++) {
		if (!fb_init(&fb, &bad[i])) {
			fail_msg("mode %u was accepted", i);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pixels),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
