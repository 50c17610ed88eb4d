/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtio console. There is one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Start the driver. Returns the interrupt's line, or -1: no console. */
int vconsole_open(void);
/* Returns when all is on its way. */
void vconsole_write(const char *bytes, uint32_t n);
/* What was typed, at most @n bytes; 0: nothing yet. */
uint32_t vconsole_read(char *to, uint32_t n);
/* For the interrupt's handler, before it reads. */
bool vconsole_interrupt(void);
/* In characters, or false: it does not tell. */
bool vconsole_size(uint16_t *columns, uint16_t *rows);
