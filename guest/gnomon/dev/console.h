/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal's way to whatever driver there is.
 */
#pragma once

#include <stdint.h>

/* Starts the driver; until then output goes by platform->write(). */
void console_init(void);
void console_write(const char *bytes, uint32_t n);
/* tty_room() has grown: the driver may deliver again. */
void console_input_room(void);
