/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal on the console: line discipline and job control.
 */
#pragma once

#include <stdint.h>

void tty_init(void);
/* From the console's driver: bytes that were typed. Returns how many fit. */
uint32_t tty_input(const char *bytes, uint32_t n);
uint32_t tty_room(void);

/* --- console.c: whatever driver there is --- */

/* Starts the driver; until then output goes by platform->putc(). */
void console_init(void);
void console_write(const char *bytes, uint32_t n);
/* tty_room() has grown: the driver may deliver again. */
void console_input_room(void);
