/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What single ACPI tables say. Distrusts them: see hv/pc/acpi_table.c.
 *
 * Rules: ACPI 6.5 5.2.9 "Fixed ACPI Description Table (FADT)", 5.2.12
 * "Multiple APIC Description Table (MADT)", 7.4.2 "System \_Sx states",
 * 20.2 "AML Grammar Definition"; IA-PC HPET specification 1.0a, 3.2.4 "The
 * ACPI 2.0 HPET Description Table".
 *
 * Next: hv/pc/platform.c.
 */
#include "hv/pc/acpi_parse.h"

#include <string.h>

#include "hv/lib/log.h"

#define PORT_MAX 0xffffu

#define HEADER_REVISION 8

/* FADT. */
#define FADT_SIZE_MIN	116u /* ACPI 1.0 */
#define FADT_SIZE	276u
#define FADT_DSDT	40
#define FADT_SMI	48
#define FADT_ENABLE	52
#define FADT_PM1A	64
#define FADT_PM1B	68
#define FADT_PM_TIMER	76
#define FADT_PM_LEN	91
#define FADT_CENTURY	108
#define FADT_BOOT_ARCH	109
#define FADT_FLAGS	112
#define FADT_RESET	116
#define FADT_RESET_TO	128
#define FADT_X_DSDT	140
#define FADT_X_PM1A	172
#define FADT_X_PM1B	184
#define FADT_X_PM_TIMER 208

#define FLAG_TIMER_32BIT (1u << 8)
#define FLAG_RESET	 (1u << 10)
#define FLAG_REDUCED	 (1u << 20) /* none of the registers exist */
#define ARCH_8042	 (1u << 1)  /* since revision 3 */
#define ARCH_NO_VGA	 (1u << 2)  /* since revision 4 */
#define ARCH_NO_RTC	 (1u << 5)  /* since revision 5 */
#define PM_TIMER_LEN	 4
#define RTC_REGISTERS	 128
#define DSDT_MAX	 0x400000u

/* MADT. */
#define MADT_LAPIC	36
#define MADT_ENTRIES	44u
#define MADT_ENTRY_SIZE 16u /* as much as we read */

enum {
	ENTRY_LAPIC = 0,
	ENTRY_IOAPIC = 1,
	ENTRY_OVERRIDE = 2,
	ENTRY_NMI = 4,
	ENTRY_ADDRESS = 5,
	ENTRY_X2APIC = 9,
};

#define ENTRY_ENABLED	1u
#define BUS_ISA		0
#define POLARITY(flags) ((flags)&3)
#define TRIGGER(flags)	((flags) >> 2 & 3)
#define ACTIVE_LOW	3
#define LEVEL		3

/* HPET table. */
#define HPET_SIZE_MIN 56u
#define HPET_ADDRESS  40

/* AML. */
#define AML_ZERO    0x00
#define AML_ONE	    0x01
#define AML_NAME    0x08
#define AML_BYTE    0x0a
#define AML_PACKAGE 0x12
#define AML_ROOT    '\\'
#define S5_SIZE	    24u /* name to second value, at most */
#define SLEEP_MAX   7

/* LIMIT: registers in PCI configuration space are not used. */
static struct acpi_address address_at(const u8 *p)
{
	struct acpi_address a = { ACPI_NOWHERE, acpi_u64(p + 4) };

	if (a.address != 0 && (p[0] == ACPI_MEMORY || p[0] == ACPI_PORT)) {
		a.space = (enum acpi_space)p[0];
	}
	if (a.space == ACPI_PORT && a.address > PORT_MAX) {
		a.space = ACPI_NOWHERE;
	}
	return a;
}

static u16 port_at(const u8 *p)
{
	return acpi_u32(p) <= PORT_MAX ? (u16)acpi_u32(p) : 0;
}

/* A register described by two fields. The newer one is used if it is set. */
static u16 port_of(const u8 *f, u32 old_field, u32 new_field)
{
	struct acpi_address x = address_at(f + new_field);

	return x.space == ACPI_PORT ? (u16)x.address : port_at(f + old_field);
}

/* The integer at p[*i], if it is a short one. */
static bool parse_byte(const u8 *p, u32 *i, u8 *v)
{
	u8 op = p[(*i)++];

	*v = op == AML_BYTE ? p[(*i)++] : op;
	return op == AML_BYTE ? *v <= SLEEP_MAX : op <= AML_ONE;
}

/*
 * "Name (_S5_, Package (n) {a, b, ...})" with small constants.
 * LIMIT: no interpreter: firmware that computes them, or keeps them in an
 * SSDT, cannot be switched off by us.
 */
static bool parse_s5(const u8 p[S5_SIZE], u8 *a, u8 *b)
{
	u32 i = 0;

	if (p[i++] != AML_NAME) {
		return false;
	}
	i += p[i] == AML_ROOT;
	if (memcmp(p + i, "_S5_", 4) != 0 || p[i + 4] != AML_PACKAGE) {
		return false;
	}
	i += 5;
	i += 1 + (p[i] >> 6); /* length of the package, in 1 to 4 bytes */
	return p[i++] >= 2 && parse_byte(p, &i, a) && parse_byte(p, &i, b);
}

static void find_s5(struct acpi *a, const struct acpi_table *dsdt)
{
	u8 window[4 * S5_SIZE];

	/* Windows overlap, so that one of them has all of it. */
	for (u32 off = ACPI_HEADER_SIZE; off < dsdt->len;
	     off += sizeof(window) - S5_SIZE) {
		u32 n = min_u32(dsdt->len - off, sizeof(window));

		memset(window, 0, sizeof(window));
		if (!acpi_table_read(dsdt, off, window, n)) {
			return;
		}
		for (u32 i = 0; i <= sizeof(window) - S5_SIZE; i++) {
			if (parse_s5(window + i, &a->s5_a, &a->s5_b)) {
				a->has_s5 = true;
				return;
			}
		}
	}
}

static void parse_registers(struct acpi *a, const u8 *f, u32 flags)
{
	if (flags & FLAG_REDUCED) {
		return;
	}
	if (f[FADT_PM_LEN] == PM_TIMER_LEN) {
		a->pm_timer = port_of(f, FADT_PM_TIMER, FADT_X_PM_TIMER);
	}
	a->is_pm_timer_32bit = flags & FLAG_TIMER_32BIT;
	a->pm1a_control = port_of(f, FADT_PM1A, FADT_X_PM1A);
	a->pm1b_control = port_of(f, FADT_PM1B, FADT_X_PM1B);
	a->smi_command = port_at(f + FADT_SMI);
	a->acpi_enable = f[FADT_ENABLE];
}

void acpi_parse_fadt(struct acpi *a, const struct acpi_table *t)
{
	u8 f[FADT_SIZE] = { 0 };
	struct acpi_table dsdt;
	u32 flags, arch;
	u64 at;

	if (t->len < FADT_SIZE_MIN ||
	    !acpi_table_read(t, 0, f, min_u32(t->len, sizeof(f)))) {
		log_warn("ACPI: FACP: too short: not used");
		return;
	}
	flags = acpi_u32(f + FADT_FLAGS);
	parse_registers(a, f, flags);
	a->century = f[FADT_CENTURY] < RTC_REGISTERS ? f[FADT_CENTURY] : 0;

	arch = acpi_u16(f + FADT_BOOT_ARCH);
	a->has_no_i8042 = f[HEADER_REVISION] >= 3 && !(arch & ARCH_8042);
	a->has_no_vga = f[HEADER_REVISION] >= 4 && arch & ARCH_NO_VGA;
	a->has_no_rtc = f[HEADER_REVISION] >= 5 && arch & ARCH_NO_RTC;
	if (flags & FLAG_RESET) {
		a->reset = address_at(f + FADT_RESET);
		a->reset_value = f[FADT_RESET_TO];
	}
	at = acpi_u64(f + FADT_X_DSDT);
	at = at ? at : acpi_u32(f + FADT_DSDT);
	if (at && acpi_open(t->read, at, "DSDT", DSDT_MAX, &dsdt)) {
		find_s5(a, &dsdt);
	}
}

static void add_ioapic(struct acpi *a, const u8 *e)
{
	if (a->ioapic_count < IOAPICS_MAX && acpi_u32(e + 4) != 0) {
		a->ioapic[a->ioapic_count].address = acpi_u32(e + 4);
		a->ioapic[a->ioapic_count].first = acpi_u32(e + 8);
		a->ioapic_count++;
	}
}

/* "Conforms to the bus" means active high and edge triggered on ISA. */
static void add_override(struct acpi *a, const u8 *e)
{
	u32 flags = acpi_u16(e + 8);

	if (e[2] == BUS_ISA && e[3] < IRQ_LINES) {
		a->line[e[3]] = (struct irq_route){
			.input = acpi_u32(e + 4),
			.is_low = POLARITY(flags) == ACTIVE_LOW,
			.is_level = TRIGGER(flags) == LEVEL,
		};
	}
}

/* @e: an entry of @len bytes, with zeroes behind it. */
static void parse_entry(struct acpi *a, const u8 *e, u32 len)
{
	switch (e[0]) {
	case ENTRY_LAPIC:
		a->processors += acpi_u32(e + 4) & ENTRY_ENABLED;
		break;
	case ENTRY_X2APIC:
		a->processors += acpi_u32(e + 8) & ENTRY_ENABLED;
		break;
	case ENTRY_IOAPIC:
		if (len >= 12) {
			add_ioapic(a, e);
		}
		break;
	case ENTRY_OVERRIDE:
		if (len >= 10) {
			add_override(a, e);
		}
		break;
	case ENTRY_NMI:
		a->nmi_input = len >= 6 ? e[5] & 1 : a->nmi_input;
		break;
	case ENTRY_ADDRESS:
		a->lapic = len >= 12 ? acpi_u64(e + 4) : a->lapic;
		break;
	default:
		break;
	}
}

void acpi_parse_madt(struct acpi *a, const struct acpi_table *t)
{
	u8 e[MADT_ENTRY_SIZE] = { 0 };

	if (!acpi_table_read(t, MADT_LAPIC, e, 4)) {
		log_warn("ACPI: APIC: too short: not used");
		return;
	}
	a->lapic = acpi_u32(e);
	for (u32 off = MADT_ENTRIES; off < t->len;) {
		u32 len;

		memset(e, 0, sizeof(e));
		len = acpi_table_read(t, off, e, 2) ? e[1] : 0;
		if (len < 2 || len > t->len - off ||
		    !acpi_table_read(t, off, e, min_u32(len, sizeof(e)))) {
			log_warn("ACPI: APIC: broken at byte %u: rest not used",
				 off);
			return;
		}
		parse_entry(a, e, len);
		off += len;
	}
}

void acpi_parse_hpet(struct acpi *a, const struct acpi_table *t)
{
	u8 h[HPET_SIZE_MIN];
	struct acpi_address x;

	if (!acpi_table_read(t, 0, h, sizeof(h))) {
		log_warn("ACPI: HPET: too short: not used");
		return;
	}
	x = address_at(h + HPET_ADDRESS);
	a->hpet = x.space == ACPI_MEMORY ? x.address : 0;
}
