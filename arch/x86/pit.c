/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * 8254. Firmware may have gated its clock off: it then stands still, which its
 * users (calibrate.c, hv/pc/platform.c) detect.
 *
 * Rules: 82C54 data sheet, "Control Word Format", "Counter Latch Command",
 * "Mode Definitions".
 *
 * Next: arch/x86/calibrate.c, arch/x86/timer.c.
 */
#include "arch/x86/pit.h"

#include "arch/x86/cpu.h"
#include "arch/x86/irq.h"
#include "arch/x86/timer.h"

#define PIT_HZ	      1193182u
#define PIT_CHANNEL_0 0x40
#define PIT_CHANNEL_2 0x42
#define PIT_CONTROL   0x43

#define CONTROL_CHANNEL_2 0x80
#define CONTROL_LATCH	  0x00
#define CONTROL_LO_HI	  0x30 /* low byte, then high byte */
#define CONTROL_MODE_0	  0x00 /* interrupt on terminal count */
#define CONTROL_MODE_2	  0x04 /* count down over and over */

/* The port that gates channel 2 and connects it to the speaker. */
#define SPEAKER_PORT 0x61
#define SPEAKER_GATE 0x01
#define SPEAKER_ON   0x02

#define PIT_LINE 0

static u32 read_channel_2(const struct clock_source *s)
{
	u32 count;

	outb(PIT_CONTROL, CONTROL_CHANNEL_2 | CONTROL_LATCH);
	count = inb(PIT_CHANNEL_2);
	count |= (u32)inb(PIT_CHANNEL_2) << 8;
	return -count & s->mask;
}

struct clock_source pit_source(void)
{
	outb(SPEAKER_PORT,
	     (u8)((inb(SPEAKER_PORT) & ~SPEAKER_ON) | SPEAKER_GATE));
	outb(PIT_CONTROL, CONTROL_CHANNEL_2 | CONTROL_LO_HI | CONTROL_MODE_2);
	/* 0 stands for 2^16. */
	outb(PIT_CHANNEL_2, 0);
	outb(PIT_CHANNEL_2, 0);
	return (struct clock_source){
		.name = "PIT",
		.read = read_channel_2,
		.hz = PIT_HZ,
		.mask = 0xffff,
	};
}

/* In mode 0 a control word without a count stops the channel. */
static void stop(void)
{
	outb(PIT_CONTROL, CONTROL_LO_HI | CONTROL_MODE_0);
}

static void line_interrupt(void *ctx)
{
	(void)ctx;
	timer_interrupt();
}

static void open(void)
{
	stop();
	irq_register(PIT_LINE, line_interrupt, NULL);
}

/* The first byte stops the former count, the second starts the new one. */
static void arm(u32 ticks)
{
	outb(PIT_CHANNEL_0, (u8)ticks);
	outb(PIT_CHANNEL_0, (u8)(ticks >> 8));
}

/* Behind its end, a count in mode 0 raises nothing. */
void pit_silence(void)
{
	stop();
	arm(1);
}

const struct timer_device pit_timer = {
	.name = "PIT",
	.hz = PIT_HZ,
	.max_ticks = 0xffff,
	.open = open,
	.arm = arm,
	.stop = stop,
	.close = stop,
};
