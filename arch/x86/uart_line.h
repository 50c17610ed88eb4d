/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sending by a 16550 UART at an I/O port, also on processors that cannot run
 * its driver (boot/early.c).
 *
 * Rules: PC16550D data sheet, 8.0 "Registers".
 */
#pragma once

#include "arch/x86/cpu.h"
#include "arch/x86/uart.h"

/* Registers, as offsets from the port. */
#define UART_DATA	0
#define UART_DIVISOR_LO 0 /* with UART_LCR_DLAB */
#define UART_DIVISOR_HI 1 /* with UART_LCR_DLAB */
#define UART_LCR	3
#define UART_LSR	5

#define UART_LCR_8N1  0x03
#define UART_LCR_DLAB 0x80
#define UART_LSR_THRE 0x20

/*
 * A byte takes 87 us at 115200 baud and 33 ms at 300; one port read takes
 * about 1 us on a real bus.
 */
#define UART_THRE_POLLS 100000u

/* 8 data bits, no parity, 1 stop bit, at @baud, which is not zero. */
static inline void uart_set_line(u16 port, u32 baud)
{
	u32 divisor = UART_BAUD_MAX / baud;

	divisor = divisor ? divisor : 1;
	outb((u16)(port + UART_LCR), UART_LCR_8N1 | UART_LCR_DLAB);
	outb((u16)(port + UART_DIVISOR_LO), (u8)divisor);
	outb((u16)(port + UART_DIVISOR_HI), (u8)(divisor >> 8));
	outb((u16)(port + UART_LCR), UART_LCR_8N1);
}

/*
 * Wait until there is room for a byte to send, with at most @polls reads.
 * Returns false when there is none.
 */
static inline bool uart_wait_ready(u16 port, u32 polls)
{
	while (!(inb((u16)(port + UART_LSR)) & UART_LSR_THRE)) {
		if (--polls == 0) {
			return false;
		}
	}
	return true;
}
