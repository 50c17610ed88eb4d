// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The devices every PC has: two 8259A interrupt controllers, the 8254 timer,
 * the MC146818 clock, and a 16550 UART if it is lucky.
 */
#include "guest/gnomon/pc.h"

#include <string.h>

#include "guest/lib/port.h"
#include "guest/lib/trap.h"
#include "guest/lib/tsc.h"

/* --- interrupt controller ------------------------------------------------- */

#define PIC1	      0x20
#define PIC2	      0xa0
#define PIC_INIT      0x11 /* edge-triggered, cascaded, four words */
#define PIC_8086_AUTO 0x03 /* an interrupt that is delivered is ended */
#define PIC_LINES     16
#define PIC_CASCADE   2

static void pic_start(uint16_t port, uint8_t vector, uint8_t cascade,
		      uint8_t mask)
{
	out8(port, PIC_INIT);
	out8(port + 1, vector);
	out8(port + 1, cascade);
	out8(port + 1, PIC_8086_AUTO);
	out8(port + 1, mask);
}

void pic_init(void)
{
	pic_start(PIC1, IRQ_VECTOR, 1 << PIC_CASCADE,
		  (uint8_t) ~(1u << PIC_CASCADE));
	pic_start(PIC2, IRQ_VECTOR + 8, PIC_CASCADE, 0xff);
}

void pic_unmask(uint32_t line)
{
	uint16_t port = (line < 8 ? PIC1 : PIC2) + 1;

	if (line < PIC_LINES) {
		out8(port, in8(port) & (uint8_t) ~(1u << line % 8));
	}
}

/* --- timer ---------------------------------------------------------------- */

#define PIT_CHANNEL0	0x40
#define PIT_CHANNEL2	0x42
#define PIT_COMMAND	0x43
#define PIT_ONESHOT0	0x30 /* both bytes, mode 0 */
#define PIT_ONESHOT2	0xb0
#define PIT_MAX		0xffffu
#define NS_PER_TICK	838u
#define GATE_PORT	0x61
#define GATE_OPEN	0x01
#define GATE_OUTPUT	0x20
#define CALIBRATE_TICKS 11932u /* 10 ms */
#define CALIBRATE_TRIES 100000000u

static void pit_count(uint16_t channel, uint32_t ticks)
{
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
	out8(PIT_COMMAND, PIT_ONESHOT2);
	pit_count(PIT_CHANNEL2, CALIBRATE_TICKS);
	start = tsc_read();
	while (!(in8(GATE_PORT) & GATE_OUTPUT) && --tries) {
	}
	out8(GATE_PORT, gate);
	return (uint32_t)(tsc_read() - start) / 10;
}

/*
 * What is too long for it comes early. Mode 0 waits for its count: without
 * one, nothing comes.
 */
void pit_set(uint32_t ns)
{
	uint32_t ticks = ns / NS_PER_TICK + 1;

	out8(PIT_COMMAND, PIT_ONESHOT0);
	if (ns) {
		pit_count(PIT_CHANNEL0, ticks < PIT_MAX ? ticks : PIT_MAX);
	}
}

/* --- COM1 ----------------------------------------------------------------- */

#define UART_DATA  0x3f8
#define UART_IER   0x3f9 /* with DLAB: divisor, high byte */
#define UART_FCR   0x3fa
#define UART_LCR   0x3fb
#define UART_MCR   0x3fc
#define UART_LSR   0x3fd
#define LCR_8N1	   0x03
#define LCR_DLAB   0x80
#define FCR_ENABLE 0x07
#define MCR_IRQ	   0x0b /* DTR, RTS, OUT2: interrupts pass */
#define IER_INPUT  0x01
#define LSR_INPUT  0x01
#define LSR_ROOM   0x20
#define LSR_ABSENT 0xff
#define ROOM_TRIES 100000u

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
void uart_write(const char *bytes, uint32_t n)
{
	for (; n; n--) {
		uint32_t tries = ROOM_TRIES;

		while (!(in8(UART_LSR) & LSR_ROOM) && --tries) {
		}
		out8(UART_DATA, (uint8_t)*bytes++);
	}
}

uint32_t uart_read(char *to, uint32_t n)
{
	uint32_t got = 0;
	uint8_t status;

	while (got < n && ((status = in8(UART_LSR)) & LSR_INPUT) &&
	       status != LSR_ABSENT) {
		to[got++] = (char)in8(UART_DATA);
	}
	return got;
}

/* --- clock ---------------------------------------------------------------- */

#define RTC_INDEX	0x70
#define RTC_DATA	0x71
#define RTC_B		0x0b
#define B_BINARY	0x04
#define SECONDS_PER_DAY 86400u

struct rtc_time {
	uint32_t second, minute, hour, day, month, year;
};

static uint32_t rtc_register(uint8_t n)
{
	out8(RTC_INDEX, n);
	return in8(RTC_DATA);
}

/* In BCD unless register B says otherwise. */
static uint32_t rtc_number(uint8_t n)
{
	uint32_t v = rtc_register(n);

	return rtc_register(RTC_B) & B_BINARY ? v : (v >> 4) * 10 + (v & 0xf);
}

static struct rtc_time rtc_time(void)
{
	return (struct rtc_time){ rtc_number(0), rtc_number(2), rtc_number(4),
				  rtc_number(7), rtc_number(8), rtc_number(9) };
}

/* Days from 1970-01-01; years count from March, so that February is last. */
static uint32_t days_since_1970(uint32_t year, uint32_t month, uint32_t day)
{
	uint32_t y = month > 2 ? year : year - 1;
	uint32_t m = (month + 9) % 12;

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day -
	       1 - 719468;
}

/* Firmware has it count 24 hours. Read until it did not tick meanwhile. */
uint32_t rtc_read(void)
{
	struct rtc_time t, again = rtc_time();

	do {
		t = again;
		again = rtc_time();
	} while (memcmp(&t, &again, sizeof(t)));
	return days_since_1970(2000 + t.year, t.month, t.day) *
		       SECONDS_PER_DAY +
	       t.hour * 3600 + t.minute * 60 + t.second;
}
