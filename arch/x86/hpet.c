/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HPET. Only the low half of the counter is used: reading 64 bits takes several
 * slow accesses, and 32 bits suffice.
 *
 * Rules: IA-PC HPET specification 1.0a, 2.3 "Memory-mapped registers".
 *
 * Next: arch/x86/calibrate.c, arch/x86/timer.c.
 */
#include "arch/x86/hpet.h"

#include "arch/x86/irq.h"
#include "arch/x86/muldiv.h"
#include "arch/x86/timer.h"

/* Registers, in bytes. */
#define REG_CAPS       0x000
#define REG_PERIOD     0x004 /* of a tick, in fs */
#define REG_CONFIG     0x010
#define REG_COUNTER    0x0f0
#define REG_T0_CONFIG  0x100
#define REG_T0_COMPARE 0x108

#define CAPS_LEGACY   0x8000
#define CONFIG_ENABLE 0x01
#define CONFIG_LEGACY 0x02 /* timer 0 on line 0, timer 1 on line 8 */
#define T0_LEVEL      0x0002u
#define T0_INTERRUPT  0x0004u
#define T0_PERIODIC   0x0008u
#define T0_32BIT      0x0100u

#define FS_PER_S   1000000000000000ull
#define PERIOD_MIN 1000000u   /* 1 GHz: faster ones do not exist */
#define PERIOD_MAX 100000000u /* allowed by the specification */

#define HPET_LINE 0

/*
 * The comparator matches only when it equals the counter, and it takes a few
 * ticks until it does so: closer than this, the moment may be missed.
 */
#define MIN_TICKS 64u
#define ARM_TRIES 6u

static volatile u8 *regs;
static u32 t0_config;

static u32 reg_read(u32 offset)
{
	return *(volatile u32 *)(regs + offset);
}

static void reg_write(u32 offset, u32 v)
{
	*(volatile u32 *)(regs + offset) = v;
}

static void stop(void)
{
	reg_write(REG_T0_CONFIG, t0_config & ~T0_INTERRUPT);
}

static void line_interrupt(void *ctx)
{
	(void)ctx;
	timer_interrupt();
}

static void open(void)
{
	stop();
	irq_register(HPET_LINE, line_interrupt, NULL);
	reg_write(REG_CONFIG, CONFIG_ENABLE | CONFIG_LEGACY);
}

static void close(void)
{
	stop();
	reg_write(REG_CONFIG, CONFIG_ENABLE);
}

static void arm(u32 ticks)
{
	reg_write(REG_T0_CONFIG, t0_config | T0_INTERRUPT);
	for (u32 i = 0; i < ARM_TRIES; i++) {
		u32 start = reg_read(REG_COUNTER);

		ticks = ticks < MIN_TICKS ? MIN_TICKS : ticks;
		reg_write(REG_T0_COMPARE, start + ticks);
		if (reg_read(REG_COUNTER) - start < ticks) {
			return;
		}
		/* Perhaps too late: we may have been interrupted. */
		ticks *= 2;
	}
}

static struct timer_device timer = {
	.name = "HPET",
	.max_ticks = 0x7fffffff,
	.open = open,
	.arm = arm,
	.stop = stop,
	.close = close,
};

bool hpet_init(volatile void *base)
{
	u32 period;

	regs = base;
	period = reg_read(REG_PERIOD);
	if (period < PERIOD_MIN || period > PERIOD_MAX) {
		regs = NULL;
		return false;
	}
	timer.hz = (u32)div_u64(FS_PER_S, period);
	t0_config = reg_read(REG_T0_CONFIG);
	t0_config &= ~(T0_LEVEL | T0_INTERRUPT | T0_PERIODIC);
	t0_config |= T0_32BIT;
	/* The firmware may have let it replace the PIT. */
	close();
	return true;
}

static u32 read_counter(const struct clock_source *s)
{
	(void)s;
	return reg_read(REG_COUNTER);
}

struct clock_source hpet_source(void)
{
	return (struct clock_source){
		.name = "HPET",
		.read = read_counter,
		.hz = timer.hz,
		.mask = 0xffffffff,
	};
}

const struct timer_device *hpet_timer(void)
{
	return regs && reg_read(REG_CAPS) & CAPS_LEGACY ? &timer : NULL;
}
