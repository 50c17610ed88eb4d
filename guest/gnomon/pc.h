/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices of a PC, for the native platform: interrupt controllers, timer,
 * COM1, battery-backed clock.
 */
#pragma once

#include <stdint.h>

void pic_init(void); /* all lines masked */
void pic_unmask(uint32_t line);

void pit_set(uint32_t ns);    /* IRQ_TIMER, once; 0: not any more */
uint32_t pit_calibrate(void); /* the TSC's kHz */

void uart_init(void);
void uart_write(const char *bytes, uint32_t n);
/* What was received, at most @n bytes. */
uint32_t uart_read(char *to, uint32_t n);

/* Seconds since 1970, taking the clock for UTC. */
uint32_t rtc_read(void);
