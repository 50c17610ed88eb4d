/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the firmware's ACPI tables say about the machine. Pure: memory is read
 * through a function that the caller passes, and no pointer into it is kept.
 */
#pragma once

#include "arch/x86/ioapic.h"
#include "arch/x86/irq.h"
#include "hv/lib/types.h"

/* ACPI 6.5 5.2.3.2 "Generic Address Structure", as far as we can use one. */
enum acpi_space {
	ACPI_MEMORY = 0,
	ACPI_PORT = 1,
	ACPI_NOWHERE = 0xff,
};

struct acpi_address {
	enum acpi_space space;
	u64 address;
};

/*
 * What the tables do not say is zero, or the PC's usual value where that is not
 * zero.
 */
struct acpi {
	bool is_present;

	/* FADT */
	u16 pm_timer; /* port, or 0 */
	bool is_pm_timer_32bit;
	u8 century; /* register of the RTC, or 0 */
	bool has_no_i8042;
	bool has_no_vga;
	bool has_no_rtc;
	struct acpi_address reset;
	u8 reset_value;
	u16 pm1a_control; /* port, or 0 */
	u16 pm1b_control;
	u16 smi_command; /* port that takes acpi_enable; 0: not needed */
	u8 acpi_enable;

	/* DSDT */
	bool has_s5; /* the two values below mean "off" to PM1a and PM1b */
	u8 s5_a, s5_b;

	/* MADT */
	u64 lapic; /* 0: not said */
	u32 processors;
	u32 ioapic_count;
	struct {
		u32 address;
		u32 first; /* number of its first input */
	} ioapic[IOAPICS_MAX];
	struct irq_route line[IRQ_LINES];
	u32 nmi_input; /* of local APICs */

	/* HPET */
	u64 hpet; /* 0: none */
};

/*
 * Copy @len bytes of host-physical memory at @addr to @dst. Returns false
 * when there is no such memory; then @dst may hold anything.
 */
typedef bool (*acpi_read_fn)(u64 addr, void *dst, u32 len);

/*
 * Fill in @a. @rsdp: the root pointer of @rsdp_len bytes that the loader
 * handed over. If that is not valid, the places are searched where a BIOS puts
 * it. Tables that are broken are reported and left out.
 */
void acpi_parse(struct acpi *a, acpi_read_fn read, const u8 *rsdp,
		u32 rsdp_len);
