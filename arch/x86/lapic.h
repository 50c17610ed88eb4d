/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * This processor's local APIC, and the timer in it.
 */
#pragma once

#include "arch/x86/timer_device.h"

#define LAPIC_SIZE 0x1000 /* bytes of registers */

enum lapic_mode {
	LAPIC_ABSENT, /* or turned off by the firmware */
	LAPIC_MMIO,
	LAPIC_MSR, /* x2APIC, turned on by the firmware */
};

/*
 * How the local APIC is reached, and with LAPIC_MMIO where its registers are.
 * @has_apic: CPUID says that there is one.
 */
enum lapic_mode lapic_detect(bool has_apic, u64 *base);

/*
 * Turn it on, with its timer masked. @base: its registers, mapped; NULL for
 * LAPIC_MSR. @nmi_input: which of its inputs 0 and 1 the machine's NMI is
 * wired to; the other one takes interrupts of the PIC. Returns false when
 * nothing answers there.
 */
bool lapic_init(volatile void *base, u32 nmi_input);

/* Is there one, turned on by lapic_init()? */
bool lapic_is_used(void);

/* Take no more interrupts from the PIC. */
void lapic_disconnect_pic(void);

/* This processor's number as I/O APICs know it, or more than 8 bits. */
u32 lapic_id(void);

/* The interrupt that arrived last has been seen. */
void lapic_acknowledge(void);

/* Did the interrupt that arrived as @vector come through here? */
bool lapic_is_in_service(u32 vector);

/*
 * Its timer, after measuring its rate by the clock. NULL when there is none
 * that works.
 */
const struct timer_device *lapic_timer(void);
