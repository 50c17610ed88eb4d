/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Local APIC, reached through memory or, when the firmware left x2APIC mode
 * on (it may be locked), through MSRs. The mode is never changed.
 *
 * Rules: SDM 3A 10.4 "Local APIC", 10.5.4 "APIC Timer", 10.12 "Extended
 * XAPIC (x2APIC)".
 *
 * Next: arch/x86/irq.c, arch/x86/timer.c.
 */
#include "arch/x86/lapic.h"

#include "arch/x86/clock.h"
#include "arch/x86/cpu.h"
#include "arch/x86/regs.h"
#include "arch/x86/timer.h"
#include "hv/lib/log.h"

#define MSR_APIC_BASE	 0x1b
#define BASE_X2APIC	 0x400
#define BASE_ENABLE	 0x800
#define BASE_ADDRESS	 0xffffff000ull
#define MSR_X2APIC_FIRST 0x800 /* one MSR for 16 bytes of registers */

/* Registers, in bytes. */
#define REG_ID	      0x020
#define REG_VERSION   0x030
#define REG_TPR	      0x080
#define REG_EOI	      0x0b0
#define REG_SPURIOUS  0x0f0
#define REG_ISR	      0x100 /* 32 bits every 16 bytes */
#define REG_LVT_TIMER 0x320
#define REG_LVT_PERF  0x340
#define REG_LVT_LINT0 0x350
#define REG_LVT_LINT1 0x360
#define REG_LVT_ERROR 0x370
#define REG_INITIAL   0x380
#define REG_CURRENT   0x390
#define REG_DIVIDE    0x3e0

#define VERSION_FAMILY	0xf0 /* all that are part of a processor have 1x */
#define VERSION_INSIDE	0x10
#define SPURIOUS_ENABLE 0x100
#define LVT_NMI		0x00400
#define LVT_EXTINT	0x00700
#define LVT_MASKED	0x10000
#define DIVIDE_BY_1	0x0b
#define ID_SHIFT	24 /* in memory; an MSR has all of it */

#define LINTS 2

static volatile u8 *regs;
static enum lapic_mode mode;
static u32 pic_input; /* LVT register of the PIC's input */

static u32 reg_read(u32 reg)
{
	if (mode == LAPIC_MSR) {
		return (u32)rdmsr(MSR_X2APIC_FIRST + reg / 16);
	}
	return *(volatile u32 *)(regs + reg);
}

static void reg_write(u32 reg, u32 v)
{
	if (mode == LAPIC_MSR) {
		wrmsr(MSR_X2APIC_FIRST + reg / 16, v);
	} else {
		*(volatile u32 *)(regs + reg) = v;
	}
}

enum lapic_mode lapic_detect(bool has_apic, u64 *base)
{
	u64 msr = has_apic ? rdmsr(MSR_APIC_BASE) : 0;

	if (!(msr & BASE_ENABLE)) {
		return LAPIC_ABSENT;
	}
	*base = msr & BASE_ADDRESS;
	return msr & BASE_X2APIC ? LAPIC_MSR : LAPIC_MMIO;
}

/* An interrupt that the firmware left in service would block later ones. */
static void drain(void)
{
	for (u32 vector = X86_VECTORS; vector-- > 0;) {
		if (lapic_is_in_service(vector)) {
			lapic_acknowledge();
		}
	}
}

bool lapic_init(volatile void *base, u32 nmi_input)
{
	mode = base ? LAPIC_MMIO : LAPIC_MSR;
	regs = base;
	if ((reg_read(REG_VERSION) & VERSION_FAMILY) != VERSION_INSIDE) {
		mode = LAPIC_ABSENT;
		return false;
	}
	pic_input = nmi_input ? REG_LVT_LINT0 : REG_LVT_LINT1;
	reg_write(REG_SPURIOUS, SPURIOUS_ENABLE | X86_VEC_SPURIOUS);
	reg_write(REG_TPR, 0);
	reg_write(REG_LVT_TIMER, LVT_MASKED);
	reg_write(REG_LVT_PERF, LVT_MASKED);
	reg_write(REG_LVT_ERROR, LVT_MASKED);
	reg_write(REG_LVT_LINT0, nmi_input ? LVT_EXTINT : LVT_NMI);
	reg_write(REG_LVT_LINT1, nmi_input ? LVT_NMI : LVT_EXTINT);
	drain();
	return true;
}

bool lapic_is_used(void)
{
	return mode != LAPIC_ABSENT;
}

void lapic_disconnect_pic(void)
{
	reg_write(pic_input, LVT_MASKED | LVT_EXTINT);
}

u32 lapic_id(void)
{
	u32 id = reg_read(REG_ID);

	return mode == LAPIC_MSR ? id : id >> ID_SHIFT;
}

void lapic_acknowledge(void)
{
	reg_write(REG_EOI, 0);
}

bool lapic_is_in_service(u32 vector)
{
	return reg_read(REG_ISR + vector / 32 * 16) >> vector % 32 & 1;
}

static void open(void)
{
	reg_write(REG_INITIAL, 0);
	reg_write(REG_LVT_TIMER, X86_VEC_TIMER);
}

static void arm(u32 ticks)
{
	reg_write(REG_INITIAL, ticks);
}

static void stop(void)
{
	reg_write(REG_INITIAL, 0);
}

static void close(void)
{
	reg_write(REG_LVT_TIMER, LVT_MASKED);
	stop();
}

static struct timer_device timer = {
	.max_ticks = 0xffffffff,
	.open = open,
	.arm = arm,
	.stop = stop,
	.close = close,
};

static u64 ticks_gone(void)
{
	return 0xffffffff - reg_read(REG_CURRENT);
}

const struct timer_device *lapic_timer(void)
{
	const char *fault;
	u64 hz = 0;

	if (!lapic_is_used()) {
		return NULL;
	}
	reg_write(REG_LVT_TIMER, LVT_MASKED);
	reg_write(REG_DIVIDE, DIVIDE_BY_1);
	reg_write(REG_INITIAL, 0xffffffff);
	fault = calibrate(&clock_reference, ticks_gone, &hz);
	close();
	if (fault || HI32(hz) || hz == 0) {
		log_warn("timer: local APIC: by it, the clock %s",
			 fault ? fault : "has an absurd rate");
		return NULL;
	}
	timer.name = mode == LAPIC_MSR ? "x2APIC" : "local APIC";
	timer.hz = (u32)hz;
	return &timer;
}
