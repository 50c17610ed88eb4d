/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal on the console: line discipline and job control.
 */
#pragma once

#include <stdint.h>

/* From the console's driver: bytes that were typed. Returns how many fit. */
uint32_t tty_input(const char *bytes, uint32_t n);
uint32_t tty_room(void);

/* The session whose terminal it is, its foreground group; 0: none. */
int32_t tty_session(void);
int32_t tty_group(void);
/* From exit.c: the leader of @session has ended. */
void tty_session_ended(int32_t session);

/* --- console.c: whatever driver there is --- */

/* Starts the driver; until then output goes by platform->putc(). */
void console_init(void);
void console_write(const char *bytes, uint32_t n);
/* tty_room() has grown: the driver may deliver again. */
void console_input_room(void);
