/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding and setting up the machine's common devices.
 *
 * Distrusts the firmware: registers that it places in RAM are not touched,
 * and no device is relied on before it has shown that it works.
 *
 * Next: hv/pc/acpi.c, arch/x86/clock.c, arch/x86/timer.c, arch/x86/irq.c.
 */
#include "hv/pc/platform.h"

#include <string.h>

#include "arch/x86/clock.h"
#include "arch/x86/cpu.h"
#include "arch/x86/hpet.h"
#include "arch/x86/lapic.h"
#include "arch/x86/pit.h"
#include "arch/x86/pmtimer.h"
#include "arch/x86/reset.h"
#include "arch/x86/rtc.h"
#include "arch/x86/timer.h"
#include "hv/lib/log.h"
#include "mm/hvmap.h"

/* Frame numbers have 32 bits. */
#define PHYS_BITS_MAX (32 + PAGE_SHIFT)

/* The delay of a timer's test expiry, and how long to wait for it. */
#define CHECK_NS	1000000u
#define CHECK_LIMIT_NS	2000000000ull
#define CHECK_POLLS_MAX 100000000u

/* Firmware memory is read through one page, mapped where it is needed. */
static struct {
	u8 *window;
	u64 limit;
	mfn_t mapped;
} phys;

static const u8 *phys_page(mfn_t f)
{
	if (!mfn_eq(f, phys.mapped)) {
		hvmap_repin(phys.window, &f, 1);
		phys.mapped = f;
	}
	return phys.window;
}

/* An acpi_read_fn. */
static bool phys_read(u64 addr, void *dst, u32 len)
{
	u8 *to = dst;

	if (len > phys.limit || addr > phys.limit - len) {
		return false;
	}
	while (len > 0) {
		u32 offset = (u32)addr & PAGE_MASK;
		u32 n = min_u32(len, PAGE_SIZE - offset);

		memcpy(to, phys_page(hpa_to_mfn(mk_hpa(addr))) + offset, n);
		to += n;
		addr += n;
		len -= n;
	}
	return true;
}

static void parse_tables(struct machine *m, const struct boot_info *info)
{
	const struct acpi *a = &m->acpi;

	phys.window = hvmap_window(1);
	phys.limit = 1ull << min_u32(m->cpu.phys_bits, PHYS_BITS_MAX);
	phys.mapped = INVALID_mfn;
	acpi_parse(&m->acpi, phys_read, info->rsdp, info->rsdp_len);
	if (!a->is_present) {
		log_debug("ACPI: no tables");
		return;
	}
	log_debug("ACPI: %u processors, %u I/O APICs, PM timer 0x%x, HPET %s",
		  a->processors, a->ioapic_count, a->pm_timer,
		  a->hpet ? "yes" : "no");
	log_debug("ACPI: reset register %s, PM1 0x%x 0x%x, S5 %s",
		  a->reset.space == ACPI_NOWHERE ? "no" : "yes",
		  a->pm1a_control, a->pm1b_control, a->has_s5 ? "yes" : "no");
}

/* Registers that the firmware places in RAM are not touched. */
static volatile void *map_registers(const struct machine *m, const char *what,
				    u64 at, u32 len)
{
	volatile void *p = NULL;
	bool is_sane = at < phys.limit && len <= phys.limit - at;

	for (u32 i = 0; i < m->map.count && is_sane; i++) {
		const struct mem_range *r = &m->map.range[i];

		is_sane = r->kind == MEM_RESERVED || at + len <= r->base ||
			  at >= r->base + r->len;
	}
	if (is_sane) {
		p = hvmap_device(mk_hpa(at), len);
	}
	if (!p) {
		log_warn("%s at " PRI_hpa ": not used", what,
			 ARG_hpa(mk_hpa(at)));
	}
	return p;
}

static bool init_lapic(const struct machine *m)
{
	volatile void *regs = NULL;
	u64 base;

	switch (lapic_detect(m->cpu.has_apic, &base)) {
	case LAPIC_ABSENT:
		return false;
	case LAPIC_MMIO:
		if (m->acpi.lapic && m->acpi.lapic != base) {
			log_debug("local APIC: not where ACPI says");
		}
		regs = map_registers(m, "local APIC", base, LAPIC_SIZE);
		if (!regs) {
			return false;
		}
		break;
	case LAPIC_MSR:
		break;
	}
	if (!lapic_init(regs, m->acpi.nmi_input)) {
		log_warn("the local APIC does not answer");
		return false;
	}
	return true;
}

/* Returns the name of what delivers interrupt lines. */
static const char *init_interrupts(const struct machine *m)
{
	const struct acpi *a = &m->acpi;

	if (!init_lapic(m)) {
		return "PIC";
	}
	for (u32 i = 0; i < a->ioapic_count; i++) {
		volatile void *regs = map_registers(
			m, "I/O APIC", a->ioapic[i].address, IOAPIC_SIZE);

		if (regs && !ioapic_add(regs, a->ioapic[i].first)) {
			log_warn("I/O APIC %u does not answer", i);
		}
	}
	return irq_use_ioapic(a->line) ? "I/O APIC" : "PIC";
}

/*
 * Measure the TSC by the machine's clocks, the finest first.
 * LIMIT: without ACPI there is only the PIT, so guests are not told the rate.
 */
static void init_clock(const struct machine *m)
{
	const struct acpi *a = &m->acpi;
	struct clock_source hpet, pm, pit;
	const struct clock_source *sources[CALIBRATE_SOURCES_MAX];
	volatile void *regs = NULL;
	u32 n = 0;

	if (a->hpet) {
		regs = map_registers(m, "HPET", a->hpet, HPET_SIZE);
	}
	if (regs && hpet_init(regs)) {
		hpet = hpet_source();
		sources[n++] = &hpet;
	} else if (regs) {
		log_warn("the HPET does not answer");
	}
	if (a->pm_timer) {
		pm = pmtimer_source(a->pm_timer, a->is_pm_timer_32bit);
		sources[n++] = &pm;
	}
	pit = pit_source();
	sources[n++] = &pit;
	clock_init(sources, n, !m->cpu.tsc_varies);
}

static void init_wall_clock(const struct acpi *a)
{
	struct rtc_time t;
	const char *fault = "is absent";

	if (!a->has_no_rtc) {
		fault = rtc_read(rtc_register, a->century, &t);
	}
	if (fault) {
		log_warn("wall clock: the RTC %s: it is 1970 now", fault);
		return;
	}
	clock_set_wall(rtc_seconds(&t));
	log_debug("wall clock: %u-%02u-%02u %02u:%02u:%02u UTC", t.year,
		  t.month, t.day, t.hour, t.minute, t.second);
}

static void note_time(void *ctx)
{
	*(u64 *)ctx = clock_now_ns();
}

/* Does the timer in use expire? */
static bool does_timer_work(void)
{
	u64 start = clock_now_ns(), end = 0;

	timer_set_handler(note_time, &end);
	timer_arm_ns(CHECK_NS);
	for (u32 i = 0; i < CHECK_POLLS_MAX && end == 0; i++) {
		if (clock_now_ns() - start > CHECK_LIMIT_NS) {
			break;
		}
		irq_poll();
	}
	timer_cancel();
	timer_set_handler(NULL, NULL);
	if (end == 0) {
		log_warn("timer: %s never expires: not used",
			 timer_device()->name);
		return false;
	}
	log_debug("timer: %s: %u ns took %u ns and %u interrupts",
		  timer_device()->name, CHECK_NS, (u32)(end - start),
		  timer_interrupt_count());
	return true;
}

/* Returns the timer that works, or NULL. */
static const struct timer_device *init_timer(void)
{
	const struct timer_device *devices[] = { lapic_timer(), hpet_timer(),
						 &pit_timer };

	for (u32 i = 0; i < ARRAY_SIZE(devices); i++) {
		if (devices[i]) {
			timer_use(devices[i]);
			if (does_timer_work()) {
				return devices[i];
			}
		}
	}
	log_error("timer: there is none that works");
	timer_use(NULL);
	return NULL;
}

static void init_power(const struct machine *m)
{
	const struct acpi *a = &m->acpi;
	struct reset_register r = { .value = a->reset_value };
	struct soft_off s = { 0 };

	if (a->reset.space == ACPI_PORT) {
		r.port = (u16)a->reset.address;
	} else if (a->reset.space == ACPI_MEMORY) {
		r.memory = map_registers(m, "reset register", a->reset.address,
					 sizeof(*r.memory));
	}
	if (a->has_s5) {
		s.control_a = a->pm1a_control;
		s.control_b = a->pm1b_control;
		s.type_a = a->s5_a;
		s.type_b = a->s5_b;
		s.smi_command = a->smi_command;
		s.acpi_enable = a->acpi_enable;
	}
	reset_init(&r, &s);
}

static void say_what_there_is(const char *controller,
			      const struct timer_device *t)
{
	const struct calibration *c = clock_calibration();

	log_info("clock: TSC, %u kHz by %s%s%s; timer: %s, %u kHz; "
		 "interrupts: %s",
		 c->khz, c->by[0] ? c->by[0] : "nothing",
		 c->by[1] ? " and " : "", c->by[1] ? c->by[1] : "",
		 t ? t->name : "none", t ? t->hz / 1000 : 0, controller);
}

void platform_init(struct machine *m, const struct boot_info *info)
{
	const struct timer_device *timer;
	const char *controller;

	parse_tables(m, info);
	init_power(m);
	controller = init_interrupts(m);
	init_clock(m);
	init_wall_clock(&m->acpi);
	timer = init_timer();
	if (timer != &pit_timer) {
		pit_silence();
	}
	say_what_there_is(controller, timer);
}
