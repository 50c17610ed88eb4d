/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding ACPI tables.
 *
 * What is found is only a hint: its users still probe the hardware.
 *
 * Rules: ACPI 6.5 5.2.5 "Root System Description Pointer".
 *
 * Next: hv/pc/acpi_table.c, hv/pc/acpi_parse.c, hv/pc/platform.c.
 */
#include "hv/pc/acpi.h"

#include <string.h>

#include "hv/pc/acpi_parse.h"

/* Root pointer. */
#define RSDP_SIGNATURE	"RSD PTR "
#define RSDP_OLD_SIZE	20u
#define RSDP_SIZE	36u
#define RSDP_REVISION	15
#define RSDP_RSDT	16
#define RSDP_XSDT	24
#define RSDP_ALIGN	16u
#define EBDA_SEGMENT_AT 0x40eu
#define EBDA_SEARCHED	0x400u
#define BIOS_BASE	0xe0000u
#define BIOS_SIZE	0x20000u

/* More tables, and larger ones, than any machine has. */
#define ROOT_ENTRIES_MAX 256u
#define TABLE_MAX	 0x10000u

static const struct {
	const char *signature;
	void (*parse)(struct acpi *a, const struct acpi_table *t);
} kinds[] = {
	{ "FACP", acpi_parse_fadt },
	{ "APIC", acpi_parse_madt },
	{ "HPET", acpi_parse_hpet },
};

static bool is_rsdp(const u8 *r)
{
	return memcmp(r, RSDP_SIGNATURE, strlen(RSDP_SIGNATURE)) == 0 &&
	       acpi_sum(r, RSDP_OLD_SIZE) == 0;
}

static bool find_rsdp_in(acpi_read_fn read, u32 base, u32 size, u8 *r)
{
	for (u32 i = 0; i < size; i += RSDP_ALIGN) {
		if (read(base + i, r, RSDP_OLD_SIZE) && is_rsdp(r)) {
			return read(base + i, r, RSDP_SIZE);
		}
	}
	return false;
}

/* ACPI 6.5 5.2.5.1 "Finding the RSDP on IA-PC Systems". */
static bool find_rsdp(acpi_read_fn read, u8 *r)
{
	u8 segment[2];

	if (read(EBDA_SEGMENT_AT, segment, sizeof(segment)) &&
	    acpi_u16(segment) != 0 &&
	    find_rsdp_in(read, (u32)acpi_u16(segment) << 4, EBDA_SEARCHED, r)) {
		return true;
	}
	return find_rsdp_in(read, BIOS_BASE, BIOS_SIZE, r);
}

static bool open_root(acpi_read_fn read, const u8 *r, struct acpi_table *t,
		      u32 *entry_size)
{
	if (r[RSDP_REVISION] >= 2 && acpi_sum(r, RSDP_SIZE) == 0 &&
	    acpi_u64(r + RSDP_XSDT) != 0) {
		*entry_size = 8;
		if (acpi_open(read, acpi_u64(r + RSDP_XSDT), "XSDT", TABLE_MAX,
			      t)) {
			return true;
		}
	}
	*entry_size = 4;
	return acpi_open(read, acpi_u32(r + RSDP_RSDT), "RSDT", TABLE_MAX, t);
}

/* Of several tables of one kind the first valid one is used. */
static void parse_table(struct acpi *a, acpi_read_fn read, u64 at, u32 *seen)
{
	struct acpi_table t;
	char signature[4];

	if (!read(at, signature, sizeof(signature))) {
		return;
	}
	for (u32 i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (memcmp(signature, kinds[i].signature, 4) == 0 &&
		    !(*seen & 1u << i) &&
		    acpi_open(read, at, kinds[i].signature, TABLE_MAX, &t)) {
			*seen |= 1u << i;
			kinds[i].parse(a, &t);
		}
	}
}

static void parse_all(struct acpi *a, const struct acpi_table *root,
		      u32 entry_size)
{
	u32 n = (root->len - ACPI_HEADER_SIZE) / entry_size;
	u32 seen = 0;

	for (u32 i = 0; i < min_u32(n, ROOT_ENTRIES_MAX); i++) {
		u8 entry[8] = { 0 };

		if (acpi_table_read(root, ACPI_HEADER_SIZE + i * entry_size,
				    entry, entry_size)) {
			parse_table(a, root->read, acpi_u64(entry), &seen);
		}
	}
}

void acpi_parse(struct acpi *a, acpi_read_fn read, const u8 *rsdp, u32 rsdp_len)
{
	struct acpi_table root;
	u8 r[RSDP_SIZE] = { 0 };
	u32 entry_size;

	*a = (struct acpi){
		.reset.space = ACPI_NOWHERE,
		.nmi_input = 1,
	};
	for (u32 i = 0; i < IRQ_LINES; i++) {
		a->line[i].input = i;
	}
	if (rsdp_len) {
		memcpy(r, rsdp, min_u32(rsdp_len, sizeof(r)));
	}
	if (!is_rsdp(r) && !find_rsdp(read, r)) {
		return;
	}
	if (open_root(read, r, &root, &entry_size)) {
		a->is_present = true;
		parse_all(a, &root, entry_size);
	}
}
