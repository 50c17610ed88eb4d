/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One ACPI table: where it is, and its bytes, checked.
 */
#pragma once

#include "hv/pc/acpi.h"

#define ACPI_HEADER_SIZE 36u

/* A table whose header is sane and whose checksum is right. */
struct acpi_table {
	acpi_read_fn read;
	u64 at;
	u32 len; /* at least ACPI_HEADER_SIZE */
};

/*
 * The table at @at, if it is a valid one with @signature and at most @most
 * bytes. One that is not is reported.
 */
bool acpi_open(acpi_read_fn read, u64 at, const char *signature, u32 most,
	       struct acpi_table *t);

/* Copy @len bytes of a table. Returns false beyond its end. */
bool acpi_table_read(const struct acpi_table *t, u32 offset, void *dst,
		     u32 len);

/* The sum of @len bytes, which is 0 for every valid structure. */
u8 acpi_sum(const u8 *p, u32 len);

/* Numbers in tables are little endian and not aligned. */
static inline u16 acpi_u16(const u8 *p)
{
	return (u16)(p[0] | p[1] << 8);
}

static inline u32 acpi_u32(const u8 *p)
{
	return acpi_u16(p) | (u32)acpi_u16(p + 2) << 16;
}

static inline u64 acpi_u64(const u8 *p)
{
	return acpi_u32(p) | (u64)acpi_u32(p + 4) << 32;
}
