/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupts by line.
 */
#pragma once

#include <stdint.h>

/* @handler is called for each from now on; the line is unmasked. */
void irq_set_handler(uint32_t line, void (*handler)(void));
/* One has come. */
void irq_dispatch(uint32_t line);
