// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The devices every PC has: two 8259A interrupt controllers, the 8254 timer,
 * and a 16550 UART if it is lucky.
 */
#include "guest/gnomon/pc.h"

#include "guest/gnomon/clock.h"
#include "guest/gnomon/platform.h"
#include "guest/lib/port.h"
#include "guest/lib/trap.h"
#include "guest/lib/tsc.h"

/* --- interrupt controller ------------------------------------------------- */

#define PIC1		0x20
#define PIC2		0xa0
#define PIC_INIT	0x11 /* edge-triggered, cascaded, four words */
#define PIC_8086	0x01
#define PIC_EOI		0x20
#define PIC_READ_ISR	0x0b
#define PIC_LINES	16
#define PIC_CASCADE	2
#define PIC_SPURIOUS(n) (((n)&7) == 7)

static uint16_t pic_mask = 0xffff;

static void pic_set_mask(void)
{
	out8(PIC1 + 1, (uint8_t)pic_mask);
	out8(PIC2 + 1, (uint8_t)(pic_mask >> 8));
}

void pic_init(void)
{
	out8(PIC1, PIC_INIT);
	out8(PIC2, PIC_INIT);
	out8(PIC1 + 1, IRQ_VECTOR);
	out8(PIC2 + 1, IRQ_VECTOR + 8);
	out8(PIC1 + 1, 1 << PIC_CASCADE);
	out8(PIC2 + 1, PIC_CASCADE);
	out8(PIC1 + 1, PIC_8086);
	out8(PIC2 + 1, PIC_8086);
	pic_mask = (uint16_t) ~(1u << PIC_CASCADE);
	pic_set_mask();
}

void pic_unmask(uint32_t line)
{
	if (line < PIC_LINES) {
		pic_mask &= (uint16_t) ~(1u << line);
		pic_set_mask();
	}
}

/* The lowest line of each controller also stands for "it went away". */
static bool pic_is_spurious(uint32_t line)
{
	uint16_t port = line < 8 ? PIC1 : PIC2;

	if (!PIC_SPURIOUS(line)) {
		return false;
	}
	out8(port, PIC_READ_ISR);
	return !(in8(port) & 1u << (line & 7));
}

bool pic_done(uint32_t line)
{
	bool is_real = line < PIC_LINES && !pic_is_spurious(line);

	if (is_real && line >= 8) {
		out8(PIC2, PIC_EOI);
	}
	if (is_real || (line >= 8 && line < PIC_LINES)) {
		out8(PIC1, PIC_EOI);
	}
	return is_real;
}

/* --- time ----------------------------------------------------------------- */

#define PIT_HZ		1193182u
#define PIT_CHANNEL0	0x40
#define PIT_CHANNEL2	0x42
#define PIT_COMMAND	0x43
#define PIT_ONESHOT0	0x30 /* both bytes, mode 0 */
#define PIT_ONESHOT2	0xb0
#define PIT_MAX		0xffffu
#define GATE_PORT	0x61
#define GATE_OPEN	0x01
#define GATE_OUTPUT	0x20
#define CALIBRATE_TICKS 11932u /* 10 ms */
#define NS_PER_TICK	838u
#define CALIBRATE_TRIES 100000000u

static void pit_start(uint16_t channel, uint8_t command, uint32_t ticks)
{
	out8(PIT_COMMAND, command);
	out8(channel, (uint8_t)ticks);
	out8(channel, (uint8_t)(ticks >> 8));
}

/* Cycles per ms, by the speaker's timer, whose output can be read. */
uint32_t pit_calibrate(void)
{
	uint8_t gate = in8(GATE_PORT) & ~3u;
	uint32_t tries = CALIBRATE_TRIES;
	uint64_t start;

	out8(GATE_PORT, gate | GATE_OPEN);
	pit_start(PIT_CHANNEL2, PIT_ONESHOT2, CALIBRATE_TICKS);
	start = tsc_read();
	while (!(in8(GATE_PORT) & GATE_OUTPUT) && --tries) {
	}
	out8(GATE_PORT, gate);
	return (uint32_t)(tsc_read() - start) / 10;
}

/* The shortest and the longest the PIT can do; what is longer comes early. */
void pit_set(uint64_t ns)
{
	uint64_t ticks = ns > NS_PER_TICK * PIT_MAX
				 ? PIT_MAX
				 : (uint32_t)ns / NS_PER_TICK;

	if (!ns) {
		/* Mode 0 waits for its count: without one, nothing comes. */
		out8(PIT_COMMAND, PIT_ONESHOT0);
		return;
	}
	pit_start(PIT_CHANNEL0, PIT_ONESHOT0,
		  (uint32_t)ticks + 1 > PIT_MAX ? PIT_MAX
						: (uint32_t)ticks + 1);
}

/* --- COM1 ----------------------------------------------------------------- */

#define COM1	   0x3f8
#define UART_DATA  (COM1 + 0)
#define UART_IER   (COM1 + 1) /* with DLAB: divisor, high byte */
#define UART_FCR   (COM1 + 2)
#define UART_LCR   (COM1 + 3)
#define UART_MCR   (COM1 + 4)
#define UART_LSR   (COM1 + 5)
#define LCR_8N1	   0x03
#define LCR_DLAB   0x80
#define FCR_ENABLE 0x07
#define MCR_IRQ	   0x0b /* DTR, RTS, OUT2: interrupts pass */
#define IER_INPUT  0x01
#define LSR_INPUT  0x01
#define LSR_ROOM   0x20
#define PUTC_TRIES 100000u

void uart_init(void)
{
	out8(UART_LCR, LCR_DLAB);
	out8(UART_DATA, 1); /* 115200 */
	out8(UART_IER, 0);
	out8(UART_LCR, LCR_8N1);
	out8(UART_FCR, FCR_ENABLE);
	out8(UART_MCR, MCR_IRQ);
	out8(UART_IER, IER_INPUT);
}

/* Bounded: a port that is not there never has room. */
void uart_putc(char c)
{
	uint32_t tries = PUTC_TRIES;

	while (!(in8(UART_LSR) & LSR_ROOM) && --tries) {
	}
	out8(UART_DATA, (uint8_t)c);
}

int uart_getc(void)
{
	uint8_t status = in8(UART_LSR);

	return (status & LSR_INPUT) && status != 0xff ? in8(UART_DATA) : -1;
}
