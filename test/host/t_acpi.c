/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hv/pc/acpi*.c: tables as firmware makes them, in a simulated memory, then
 * cut short, damaged and scrambled.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hv/lib/log.h"
#include "hv/pc/acpi.h"
#include "test/host/acpi_memory.h"

static char said[8192];
static struct acpi a;

void log_line(enum log_level level, const char *fmt, ...)
{
	size_t len = strlen(said);
	va_list args;

	(void)level;
	va_start(args, fmt);
	vsnprintf(said + len, sizeof(said) - len, fmt, args);
	va_end(args);
}

static void start(void)
{
	build();
	said[0] = '\0';
}

static void parse(void)
{
	memset(&a, 0xa5, sizeof(a));
	reads = 0;
	acpi_parse(&a, read_memory, root, sizeof(root));
}

static void check_fadt(void)
{
	assert_int_equal(a.pm_timer, 0x608);
	assert_true(a.is_pm_timer_32bit);
	assert_int_equal(a.century, 0x32);
	assert_false(a.has_no_i8042 || a.has_no_vga || a.has_no_rtc);
	assert_int_equal(a.reset.space, ACPI_PORT);
	assert_int_equal(a.reset.address, 0xcf9);
	assert_int_equal(a.reset_value, 0x0f);
	assert_int_equal(a.pm1a_control, 0x604);
	assert_int_equal(a.pm1b_control, 0x704);
	assert_int_equal(a.smi_command, 0xb2);
	assert_int_equal(a.acpi_enable, 0xf1);
	assert_true(a.has_s5);
	assert_int_equal(a.s5_a, 5);
	assert_int_equal(a.s5_b, 1);
}

static void check_line(u32 line, u32 input, bool is_low, bool is_level)
{
	assert_int_equal(a.line[line].input, input);
	assert_int_equal(a.line[line].is_low, is_low);
	assert_int_equal(a.line[line].is_level, is_level);
}

static void check_madt(void)
{
	assert_int_equal(a.lapic, 0xfee00000);
	assert_int_equal(a.processors, 3);
	assert_int_equal(a.ioapic_count, 2);
	assert_int_equal(a.ioapic[0].address, 0xfec00000);
	assert_int_equal(a.ioapic[0].first, 0);
	assert_int_equal(a.ioapic[1].address, 0xfec01000);
	assert_int_equal(a.ioapic[1].first, 24);
	check_line(0, 2, false, false);
	check_line(4, 4, false, false);
	check_line(5, 5, false, true);
	check_line(7, 7, false, false);
	check_line(9, 20, true, true);
	assert_int_equal(a.nmi_input, 0);
}

static void check_all(void)
{
	assert_true(a.is_present);
	check_fadt();
	check_madt();
	assert_int_equal(a.hpet, 0xfed00000);
}

static void check_nothing(void)
{
	struct acpi empty = { .reset.space = ACPI_NOWHERE, .nmi_input = 1 };

	for (u32 i = 0; i < IRQ_LINES; i++) {
		empty.line[i].input = i;
	}
	empty.is_present = a.is_present;
	assert_memory_equal(&a, &empty, sizeof(a));
}

static void test_handed_over(void **state)
{
	(void)state;
	start();
	parse();
	check_all();
	assert_string_equal(said, "");
	/* An old root pointer, or the old half of a new one. */
	memset(&a, 0xa5, sizeof(a));
	acpi_parse(&a, read_memory, root, 20);
	check_all();
}

static void test_searched(void **state)
{
	(void)state;
	start();
	acpi_parse(&a, read_memory, NULL, 0);
	check_all();
	root[3] ^= 1; /* what was handed over is broken */
	parse();
	check_all();
	/* In the EBDA, near its end. */
	start();
	rsdp->at = 0x9f000;
	memmove(rsdp->bytes + 0x3c0 + 0x400, rsdp->bytes + (AT_RSDP & 0xfff),
		36);
	memset(rsdp->bytes + (AT_RSDP & 0xfff), 0, 36);
	put(add_block(0x40e, 2)->bytes, 0x9f40, 2);
	acpi_parse(&a, read_memory, NULL, 0);
	check_all();
	/* Nowhere. */
	block_count = 0;
	acpi_parse(&a, read_memory, NULL, 0);
	assert_false(a.is_present);
	check_nothing();
	assert_string_equal(said, "");
}

static void test_roots(void **state)
{
	(void)state;
	/* A broken XSDT: the RSDT serves. */
	start();
	xsdt->bytes[40] ^= 1;
	parse();
	check_all();
	assert_non_null(strstr(said, "XSDT: wrong checksum"));
	/* A broken RSDT is not looked at. */
	start();
	rsdt->bytes[0] = 'X';
	parse();
	check_all();
	/* Both. */
	xsdt->bytes[40] ^= 1;
	parse();
	assert_false(a.is_present);
	check_nothing();
	assert_non_null(strstr(said, "RSDT: something else is there"));
	/* Empty ones. */
	start();
	put(xsdt->bytes + 4, 36, 4);
	xsdt->len = 36;
	seal(xsdt);
	parse();
	assert_true(a.is_present);
	check_nothing();
}

/* Half a root pointer checksum wrong: revision 1 is left. */
static void test_revisions(void **state)
{
	(void)state;
	start();
	put(xsdt->bytes + 36, 0, 8);
	seal(xsdt);
	root[33] ^= 0x55;
	parse();
	check_all();
	start();
	root[15] = 0;
	fix_sum(root, 20, 8);
	xsdt->bytes[0] = 0;
	parse();
	check_all();
}

static void test_lengths(void **state)
{
	(void)state;
	start();
	put(fadt->bytes + 4, 35, 4);
	put(madt->bytes + 4, 0xffffffff, 4);
	hpet->len = 50; /* says 56, and memory ends before */
	parse();
	assert_true(a.is_present);
	check_nothing();
	assert_non_null(strstr(said, "FACP: absurd length"));
	assert_non_null(strstr(said, "APIC: absurd length"));
	assert_non_null(strstr(said, "HPET: wrong checksum"));
}

/* Every table cut at every length, with a right checksum. */
static void test_cut(void **state)
{
	(void)state;
	for (u32 len = 36; len < 244; len++) {
		start();
		fadt->len = len;
		put(fadt->bytes + 4, len, 4);
		seal(fadt);
		madt->len = min_u32(len, madt->len);
		put(madt->bytes + 4, madt->len, 4);
		seal(madt);
		hpet->len = min_u32(len, hpet->len);
		put(hpet->bytes + 4, hpet->len, 4);
		seal(hpet);
		parse();
		assert_int_equal(a.pm_timer, len < 116 ? 0 : 0x608);
		assert_int_equal(a.ioapic_count,
				 (len >= 44 + 24 + 12) +
					 (len >= 44 + 24 + 12 + 12));
		assert_int_equal(a.hpet, len < 56 ? 0 : 0xfed00000);
	}
}

static void test_new_fields(void **state)
{
	u8 *f;

	(void)state;
	start();
	f = fadt->bytes;
	put_address(f + 172, 1, 0x1804);
	put_address(f + 184, 0, 0xfed40000); /* memory: not used */
	put_address(f + 208, 1, 0x1808);
	put(f + 140, AT_DSDT, 8);
	put(f + 40, 0, 4);
	put(f + 112, 1u << 10, 4);
	put_address(f + 116, 0, 0xfed80000);
	f[108] = 0x80; /* no such register */
	seal(fadt);
	parse();
	assert_int_equal(a.pm1a_control, 0x1804);
	assert_int_equal(a.pm1b_control, 0x704);
	assert_int_equal(a.pm_timer, 0x1808);
	assert_false(a.is_pm_timer_32bit);
	assert_int_equal(a.reset.space, ACPI_MEMORY);
	assert_int_equal(a.reset.address, 0xfed80000);
	assert_int_equal(a.century, 0);
	assert_true(a.has_s5);
}

static void test_absent_parts(void **state)
{
	u8 *f;

	(void)state;
	start();
	f = fadt->bytes;
	f[8] = 5;
	put(f + 109, 1u << 2 | 1u << 5, 2);
	put(f + 112, 0, 4);
	f[91] = 0;
	put(f + 64, 0x10000, 4);
	seal(fadt);
	parse();
	assert_true(a.has_no_i8042 && a.has_no_vga && a.has_no_rtc);
	assert_int_equal(a.pm_timer, 0);
	assert_int_equal(a.pm1a_control, 0);
	assert_int_equal(a.reset.space, ACPI_NOWHERE);
	/* Reduced hardware: no registers. */
	put(f + 112, 1u << 20 | 1u << 10, 4);
	f[91] = 4;
	put_address(f + 116, 2, 4); /* PCI configuration space */
	seal(fadt);
	parse();
	assert_int_equal(a.pm_timer, 0);
	assert_int_equal(a.pm1b_control, 0);
	assert_int_equal(a.reset.space, ACPI_NOWHERE);
	put_address(f + 116, 1, 0x10cf9);
	seal(fadt);
	parse();
	assert_int_equal(a.reset.space, ACPI_NOWHERE);
}

struct s5_row {
	const char *code;
	u32 len;
	int first, second; /* -1: not found */
};

#define ROW(code, a, b)                      \
	{                                    \
		code, sizeof(code) - 1, a, b \
	}

static const struct s5_row s5_rows[] = {
	ROW("\x08_S5_\x12\x06\x04\x00\x00\x00\x00", 0, 0),
	ROW("\x08_S5_\x12\x08\x04\x0a\x05\x0a\x05\x00\x00", 5, 5),
	ROW("\x08\\_S5_\x12\x06\x02\x01\x0a\x07", 1, 7),
	ROW("\x08_S5_\x12\x41\x00\x02\x0a\x02\x0a\x03", 2, 3),
	ROW("\x08_S5_\x12\xc1\x00\x00\x00\x02\x0a\x06\x01", 6, 1),
	ROW("\x08_S4_\x12\x06\x02\x01\x0a\x07", -1, -1),
	ROW("\x08_S5_\x12\x06\x01\x0a\x07\x01", -1, -1),
	ROW("\x08_S5_\x12\x06\x02\x0a\x08\x00", -1, -1),
	ROW("\x08_S5_\x12\x06\x02\x0b\x05\x00\x00", -1, -1),
	ROW("\x08_S5_\x12\x06\x02\x02\x02", -1, -1),
	ROW("\x14_S5_\x12\x06\x02\x00\x00", -1, -1),
	ROW("\x08_S5_\x0a\x06\x02\x00\x00", -1, -1),
};

static void test_s5(void **state)
{
	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(s5_rows); i++) {
		const struct s5_row *r = &s5_rows[i];

		for (u32 at = 36; at <= 600 - r->len; at++) {
			start();
			block_count--; /* the HPET goes, and the MADT */
			block_count--;
			block_count--; /* and the DSDT */
			build_dsdt(600, at, (const u8 *)r->code, r->len);
			parse();
			assert_int_equal(a.has_s5, r->first >= 0);
			if (a.has_s5) {
				assert_int_equal(a.s5_a, r->first);
				assert_int_equal(a.s5_b, r->second);
			}
		}
	}
}

static void test_entries(void **state)
{
	static const u8 bad[] = { 0, 1 };

	(void)state;
	/* Lengths that lead nowhere, or past the end. */
	for (u32 i = 0; i < sizeof(bad); i++) {
		start();
		madt->bytes[44 + 1] = bad[i];
		seal(madt);
		parse();
		assert_int_equal(a.processors, 0);
		assert_int_equal(a.ioapic_count, 0);
		assert_non_null(strstr(said, "APIC: broken at byte 44"));
	}
	start();
	madt->bytes[madt->len - 2] = 4;
	seal(madt);
	parse();
	check_madt();
	assert_non_null(strstr(said, "APIC: broken"));
	/* The address of 64 bits. */
	start();
	put(madt->bytes + 44, 0x0c05, 8);
	put(madt->bytes + 48, 0x1fee00000, 8);
	seal(madt);
	parse();
	assert_true(a.lapic == 0x1fee00000);
}

static void test_many_ioapics(void **state)
{
	(void)state;
	start();
	block_count -= 2;
	madt = add_table(AT_MADT, "APIC", 44 + 12 * 20, 1);
	for (u32 i = 0; i < 20; i++) {
		u8 *e = madt->bytes + 44 + 12 * i;

		e[0] = 1;
		e[1] = 12;
		put(e + 4, i == 3 ? 0 : 0xfec00000 + i * 0x1000, 4);
		put(e + 8, i * 24, 4);
	}
	seal(madt);
	parse();
	assert_int_equal(a.ioapic_count, IOAPICS_MAX);
	assert_int_equal(a.ioapic[3].first, 4 * 24);
}

/* The first sound table of a kind counts. */
static void test_duplicates(void **state)
{
	struct block *second;

	(void)state;
	start();
	second = add_table(0x7fe8000, "HPET", 56, 1);
	put_address(second->bytes + 40, 0, 0xfed01000);
	seal(second);
	put(xsdt->bytes + 36, 0x7fe8000, 8);
	seal(xsdt);
	parse();
	assert_int_equal(a.hpet, 0xfed01000);
	second->bytes[20] ^= 1;
	parse();
	assert_int_equal(a.hpet, 0xfed00000);
}

/* Pointers to anywhere. */
static void test_pointers(void **state)
{
	(void)state;
	for (u32 i = 0; i < 64; i++) {
		start();
		put(xsdt->bytes + 36, 1ull << i, 8);
		put(xsdt->bytes + 44, ~0ull << i, 8);
		put(xsdt->bytes + 52, AT_XSDT, 8);
		seal(xsdt);
		parse();
		assert_true(a.is_present);
		assert_int_equal(a.hpet, 0xfed00000);
	}
	/* A table that says it goes beyond the end of all memory. */
	start();
	madt->at = ~0ull - 40;
	put(xsdt->bytes + 52, madt->at, 8);
	seal(xsdt);
	parse();
	assert_non_null(strstr(said, "APIC: absurd length"));
}

static u32 next_random(void)
{
	static u32 x = 1;

	x = x * 1664525 + 1013904223;
	return x >> 8;
}

static void check_bounds(void)
{
	assert_true(a.ioapic_count <= IOAPICS_MAX);
	assert_true(a.s5_a <= 7 || !a.has_s5);
	assert_true(a.s5_b <= 7 || !a.has_s5);
	assert_true(a.nmi_input <= 1);
	assert_true(a.century < 128);
	assert_true(a.reset.space != ACPI_PORT || a.reset.address <= 0xffff);
}

/* Anything anywhere, with checksums made right again or not. */
static void test_scrambled(void **state)
{
	(void)state;
	for (u32 i = 0; i < 30000; i++) {
		start();
		for (u32 n = next_random() % 6; n > 0; n--) {
			struct block *b = &blocks[next_random() % block_count];

			b->bytes[next_random() % b->len] = (u8)next_random();
			if (b != rsdp && next_random() % 8) {
				seal(b);
			}
		}
		parse();
		check_bounds();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_handed_over),
		cmocka_unit_test(test_searched),
		cmocka_unit_test(test_roots),
		cmocka_unit_test(test_revisions),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_new_fields),
		cmocka_unit_test(test_absent_parts),
		cmocka_unit_test(test_s5),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_many_ioapics),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_pointers),
		cmocka_unit_test(test_scrambled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
