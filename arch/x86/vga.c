/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VGA's colour text screen: cells go to its memory as they are, and the
 * cursor is the hardware's.
 *
 * Rules: IBM VGA, "Graphics Controller" and "CRT Controller" registers.
 * Next: hv/lib/term.c, which decides what is shown.
 */
#include "arch/x86/vga.h"

#include "arch/x86/cpu.h"

#define GC_INDEX 0x3ce
#define GC_DATA	 0x3cf
#define GC_MISC	 6 /* "Miscellaneous" */

#define MISC_GRAPHICS 0x01
#define MISC_MAP      0x0c
#define MISC_MAP_B800 0x0c /* 32 KiB at 0xb8000 */

#define CRTC_INDEX	 0x3d4
#define CRTC_DATA	 0x3d5
#define CRTC_CURSOR_HIGH 0x0e
#define CRTC_CURSOR_LOW	 0x0f

#define CURSOR_AWAY (VGA_COLS * VGA_ROWS) /* one row below the last */

/* An empty bus reads all ones, which says graphics. */
bool vga_is_text(void)
{
	u8 misc;

	outb(GC_INDEX, GC_MISC);
	misc = inb(GC_DATA);
	return !(misc & MISC_GRAPHICS) && (misc & MISC_MAP) == MISC_MAP_B800;
}

static void draw(void *ctx, u32 row, u32 col, u16 cell)
{
	struct vga *v = ctx;

	if (v->text) {
		v->text[row * VGA_COLS + col] = cell;
	}
}

static void cursor(void *ctx, u32 row, u32 col, u16 cell, bool shown)
{
	struct vga *v = ctx;
	u32 at = shown ? row * VGA_COLS + col : CURSOR_AWAY;

	(void)cell;
	if (at == v->cursor) {
		return;
	}
	v->cursor = at;
	outb(CRTC_INDEX, CRTC_CURSOR_HIGH);
	outb(CRTC_DATA, (u8)(at >> 8));
	outb(CRTC_INDEX, CRTC_CURSOR_LOW);
	outb(CRTC_DATA, (u8)at);
}

const struct term_ops vga_ops = { draw, cursor };
