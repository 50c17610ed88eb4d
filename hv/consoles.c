/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Consoles by option.
 *
 * Next: arch/x86/uart.c, hv/lib/console.c.
 */
#include "hv/consoles.h"

#include "arch/x86/irq.h"
#include "arch/x86/uart.h"
#include "hv/lib/console.h"

#define COM1_LINE 4
#define COM2_LINE 3

/* More than a FIFO holds: a UART that always has input is not believed. */
#define RX_BURST_MAX 64

static struct uart uarts[CONSOLES_MAX];
static u32 uart_count;

static void add_uart(const struct console_option *c)
{
	struct uart *u = &uarts[uart_count];

	if (uart_init(u, c->port, c->baud) && console_add(uart_write, u)) {
		uart_count++;
	}
}

void consoles_init(const struct options *o)
{
	const struct console_option com1 = {
		.kind = CONSOLE_UART,
		.port = UART_COM1,
		.baud = DEFAULT_BAUD,
	};

	if (!o->consoles_given) {
		add_uart(&com1);
	}
	for (u32 i = 0; i < o->console_count; i++) {
		if (o->console[i].kind == CONSOLE_UART) {
			add_uart(&o->console[i]);
		}
	}
}

/* Nobody reads input yet: it is taken from the UART and dropped. */
static void rx_interrupt(void *ctx)
{
	u8 byte;

	for (u32 i = 0; i < RX_BURST_MAX && uart_read(ctx, &byte); i++) {
	}
}

void consoles_enable_input(void)
{
	for (u32 i = 0; i < uart_count; i++) {
		if (uarts[i].port == UART_COM1) {
			irq_register(COM1_LINE, rx_interrupt, &uarts[i]);
			uart_enable_rx_irq(&uarts[i]);
		} else if (uarts[i].port == UART_COM2) {
			irq_register(COM2_LINE, rx_interrupt, &uarts[i]);
			uart_enable_rx_irq(&uarts[i]);
		}
	}
}
