/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one screen a machine may have, as a console: VGA text or a linear
 * framebuffer.
 */
#pragma once

#include "hv/load/boot_info.h"

/*
 * Use the screen that the loader described, @s, as a VGA text screen or as a
 * framebuffer, and add it to the consoles. Returns NULL, or why not. Only one
 * of the two succeeds, and once. Called with paging off.
 */
const char *screen_use_vga(const struct boot_framebuffer *s);
const char *screen_use_fb(const struct boot_framebuffer *s);

/*
 * Paging is on: map the screen. Memory beyond @limit is not addressable. What
 * was printed since screen_use_*() is shown now, if it could not be before.
 */
void screen_map(u64 limit);

/* Say what the screen is, at log=debug. */
void screen_log(void);
