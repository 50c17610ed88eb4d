/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal's way to whatever driver there is.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Who takes what is typed. */
struct console_input {
	uint32_t (*room)(void); /* bytes that put() would take now */
	uint32_t (*put)(const char *bytes, uint32_t n);
};

/* Starts the driver, which shows the log from now on. */
void console_init(const struct console_input *to);
/* False: it does not know. */
bool console_size(uint16_t *columns, uint16_t *rows);
void console_write(const char *bytes, uint32_t n);
/* input->room() has grown: the driver may deliver again. */
void console_input_room(void);
