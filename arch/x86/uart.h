/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 16550 serial ports as consoles.
 */
#pragma once

#include "hv/lib/types.h"

#define UART_COM1 0x3f8
#define UART_COM2 0x2f8

#define UART_BAUD_MAX 115200u /* what its divisor divides */

/* More than any of their FIFOs hold, and than a user types ahead. */
#define UART_KEPT_MAX 128u

struct uart {
	u16 port;
	bool present;
	u32 lost; /* bytes given up because the transmitter never got ready */
	u8 modem; /* what the modem control register holds */
	u8 kept[UART_KEPT_MAX]; /* typed before uart_init() */
	u32 kept_count, kept_taken;
};

/*
 * Find out whether a UART answers at I/O port @port, by its loopback mode,
 * and if so set it to @baud, 8 data bits, no parity, 1 stop bit, FIFOs on.
 * @is_wanted: the user named this port, so registers that keep what is written
 * suffice, because not every emulator has loopback. What was typed before can
 * still be read, but raises no interrupt. Returns u->present.
 */
bool uart_init(struct uart *u, u16 port, u32 baud, bool is_wanted);

/*
 * Send @len bytes, waiting for the transmitter within bounds. A console sink
 * (hv/lib/console.h): @ctx is the struct uart.
 */
void uart_write(void *ctx, const char *bytes, size_t len);

/* Ask for an interrupt when input arrives. */
void uart_enable_rx_irq(struct uart *u);

/*
 * Ask the other side to go on sending, or to pause: by RTS, where the cable
 * has that wire.
 */
void uart_set_ready(struct uart *u, bool is_ready);

/*
 * Take one byte of input into *@byte. Returns false when there is none, or
 * no UART.
 */
bool uart_read(struct uart *u, u8 *byte);
