/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices of a PC, for the native platform: interrupt controllers, timer,
 * COM1, battery-backed clock. As platform.h says where the names agree.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

void pic_init(void); /* all lines masked */
void pic_unmask(uint32_t line);
bool pic_done(uint32_t line);

void pit_set(uint64_t ns);    /* one shot, IRQ_TIMER */
uint32_t pit_calibrate(void); /* the TSC's kHz */

void uart_init(void);
void uart_putc(char c);
int uart_getc(void);

/* ns since 1970, taking the clock for UTC; whole seconds. */
uint64_t rtc_read(void);
