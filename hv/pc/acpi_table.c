/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading the bytes of ACPI tables.
 *
 * I1  Memory is read in bounded pieces into our own; no length, count or
 *     pointer of the firmware is used before it is checked.
 *
 * Rules: ACPI 6.5 5.2.6 "System Description Table Header".
 */
#include "hv/pc/acpi_table.h"

#include <string.h>

#include "hv/lib/log.h"

#define HEADER_LENGTH 4 /* offset of the field */

u8 acpi_sum(const u8 *p, u32 len)
{
	u8 sum = 0;

	while (len--) {
		sum = (u8)(sum + *p++);
	}
	return sum;
}

bool acpi_table_read(const struct acpi_table *t, u32 offset, void *dst, u32 len)
{
	return offset <= t->len && len <= t->len - offset &&
	       t->read(t->at + offset, dst, len);
}

static bool is_sum_zero(const struct acpi_table *t)
{
	u8 piece[128], sum = 0;

	for (u32 i = 0; i < t->len; i += sizeof(piece)) {
		u32 n = min_u32(t->len - i, sizeof(piece));

		if (!acpi_table_read(t, i, piece, n)) {
			return false;
		}
		sum = (u8)(sum + acpi_sum(piece, n));
	}
	return sum == 0;
}

bool acpi_open(acpi_read_fn read, u64 at, const char *signature, u32 most,
	       struct acpi_table *t)
{
	u8 header[ACPI_HEADER_SIZE];
	const char *fault = NULL;

	*t = (struct acpi_table){ .read = read, .at = at };
	if (!read(at, header, sizeof(header))) {
		fault = "not in memory";
	} else if (memcmp(header, signature, 4) != 0) {
		fault = "something else is there";
	} else {
		t->len = acpi_u32(header + HEADER_LENGTH);
		if (t->len < ACPI_HEADER_SIZE || t->len > most ||
		    at + t->len < at) {
			fault = "absurd length";
		} else if (!is_sum_zero(t)) {
			fault = "wrong checksum";
		}
	}
	if (fault) {
		log_warn("ACPI: %s: %s: not used", signature, fault);
	}
	return !fault;
}
