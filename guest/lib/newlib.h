/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the C library asks of a guest: memory for malloc(), and a console.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Move the end of the heap; its former end, or NULL: no memory. */
void *sdk_sbrk(ptrdiff_t by);
/* pa where RAM ends. */
uint32_t sdk_ram_end(void);
/* Standard output and error. */
void console_write(const char *bytes, uint32_t n);
