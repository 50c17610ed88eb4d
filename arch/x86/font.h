/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The font of the pixel screen, made by .ci/font at build time.
 */
#pragma once

#include "hv/lib/types.h"

#define FONT_WIDTH  8u
#define FONT_HEIGHT 16u

/*
 * Characters of code page 437, a byte for each line, the leftmost pixel in
 * bit 7.
 */
extern const u8 font_glyphs[256][FONT_HEIGHT];
