/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 16550 UART driver.
 *
 * I1  No wait is unbounded: a UART that stops being ready costs a bounded
 *     number of polls for the first byte and hardly any after it, until it
 *     is ready again.
 * I2  Only the transmitter-holding-register-empty bit is waited for; modem
 *     lines are set and never read, for cables often lack them.
 * I3  Switching the FIFOs on or off throws away what waits in them, or arrives
 *     at that moment, so it is done only where no input has arrived yet.
 *
 * LIMIT: a sender that is active while its port is set up is read without
 * FIFOs, byte by byte, if they were off.
 *
 * Rules: PC16550D data sheet, 8.0 "Registers".
 */
#include "arch/x86/uart.h"

#include "arch/x86/uart_line.h"

/* Registers, as offsets from the port, beside those of sending. */
#define REG_IER 1
#define REG_FCR 2
#define REG_MCR 4
#define REG_MSR 6

#define IER_RX		 0x01
#define FCR_ENABLE 0x01 /* FIFOs on; what was typed ahead stays */
/* Interrupt at 8 bytes, or when fewer have waited for 4 character times. */
#define FCR_TRIGGER_8	 0x80
#define MCR_DTR 0x01
#define MCR_RTS 0x02
#define MCR_OUT1 0x04
#define MCR_OUT2	 0x08 /* gates the interrupt on PCs */
#define MCR_LOOP	 0x10
#define MSR_CTS 0x10
#define MSR_DSR 0x20
#define MSR_RI 0x40
#define MSR_DCD 0x80
#define MSR_INPUTS 0xf0
#define LSR_DATA	 0x01
#define LSR_BAD_BYTE	 0x1c /* parity, framing, break: not a typed byte */
#define LSR_ABSENT	 0xff /* what an empty bus reads */

#define THRE_POLLS_WHEN_STUCK 16u

/* After so many polls without a byte, no other one is on its way. */
#define QUIET_POLLS 200u

static u8 reg_read(const struct uart *u, u16 reg)
{
	return inb((u16)(u->port + reg));
}

static void reg_write(const struct uart *u, u16 reg, u8 v)
{
	outb((u16)(u->port + reg), v);
}

/*
 * In loopback mode the modem outputs appear at the modem inputs. Two patterns
 * rule out a dead bus; bytes that arrive meanwhile disturb neither.
 */
static bool loops_back(const struct uart *u)
{
	static const struct {
		u8 outputs, inputs;
	} patterns[] = {
		{ MCR_DTR | MCR_OUT1, MSR_DSR | MSR_RI },
		{ MCR_RTS | MCR_OUT2, MSR_CTS | MSR_DCD },
	};

	for (u32 i = 0; i < ARRAY_SIZE(patterns); i++) {
		reg_write(u, REG_MCR, MCR_LOOP | patterns[i].outputs);
		if ((reg_read(u, REG_MSR) & MSR_INPUTS) !=
		    patterns[i].inputs) {
			return false;
		}
	}
	return true;
}

/* It has the line settings that were written, if no loopback of its outputs. */
static bool keeps_settings(const struct uart *u)
{
	return reg_read(u, UART_LCR) == UART_LCR_8N1;
}

/*
 * Keep what was typed so far, and what follows without a pause. Returns true
 * when there was nothing.
 */
static bool keep_typed(struct uart *u)
{
	u32 quiet = 0, left = UART_KEPT_MAX;

	while (quiet < QUIET_POLLS) {
		u8 lsr = reg_read(u, UART_LSR), byte;

		quiet++;
		if (!(lsr & LSR_DATA)) {
			continue;
		}
		if (left-- == 0) {
			return false;
		}
		byte = reg_read(u, UART_DATA);
		if (!(lsr & LSR_BAD_BYTE)) {
			u->kept[u->kept_count++] = byte;
		}
		quiet = 0;
	}
	return u->kept_count == 0;
}

bool uart_init(struct uart *u, u16 port, u32 baud, bool is_wanted)
{
	*u = (struct uart){ .port = port };
	if (reg_read(u, UART_LSR) == LSR_ABSENT) {
		return false;
	}
	/* Offset 1 may be the divisor's. */
	reg_write(u, UART_LCR, UART_LCR_8N1);
	reg_write(u, REG_IER, 0);
	uart_set_line(port, baud ? baud : UART_BAUD_MAX);
	u->present = loops_back(u) || (is_wanted && keeps_settings(u));
	u->modem = MCR_DTR | MCR_RTS;
	reg_write(u, REG_MCR, u->modem);
	if (u->present && keep_typed(u)) {
		reg_write(u, REG_FCR, FCR_ENABLE | FCR_TRIGGER_8);
	}
	return u->present;
}

void uart_write(void *ctx, const char *bytes, size_t len)
{
	struct uart *u = ctx;

	for (size_t i = 0; i < len; i++) {
		if (!uart_wait_ready(u->port, u->lost ? THRE_POLLS_WHEN_STUCK
						      : UART_THRE_POLLS)) {
			u->lost++;
			continue;
		}
		u->lost = 0;
		reg_write(u, UART_DATA, (u8)bytes[i]);
	}
}

void uart_enable_rx_irq(struct uart *u)
{
	u->modem |= MCR_OUT2;
	reg_write(u, REG_MCR, u->modem);
	reg_write(u, REG_IER, IER_RX);
}

void uart_set_ready(struct uart *u, bool is_ready)
{
	u8 modem = (u8)(is_ready ? u->modem | MCR_RTS : u->modem & ~MCR_RTS);

	if (modem != u->modem) {
		u->modem = modem;
		reg_write(u, REG_MCR, modem);
	}
}

bool uart_read(struct uart *u, u8 *byte)
{
	u8 lsr;

	if (u->kept_taken < u->kept_count) {
		*byte = u->kept[u->kept_taken++];
		return true;
	}
	lsr = u->present ? reg_read(u, UART_LSR) : LSR_ABSENT;
	/* All ones: the device has gone; it would "deliver" for ever. */
	if (lsr == LSR_ABSENT || !(lsr & LSR_DATA)) {
		return false;
	}
	*byte = reg_read(u, UART_DATA);
	return true;
}
