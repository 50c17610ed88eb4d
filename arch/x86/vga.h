/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The VGA's colour text screen.
 */
#pragma once

#include "hv/lib/term.h"

#define VGA_TEXT_BASE 0xb8000u /* host-physical */
#define VGA_COLS      80u
#define VGA_ROWS      25u
#define VGA_TEXT_SIZE (VGA_COLS * VGA_ROWS * 2)

struct vga {
	volatile u16 *text; /* VGA_ROWS * VGA_COLS; NULL: not mapped now */
	u32 cursor;	    /* as the hardware has it */
};

/* How a struct vga shows a struct term; the struct vga is its context. */
extern const struct term_ops vga_ops;

/* Is there a VGA, and in colour text mode? Reads two ports. */
bool vga_is_text(void);
