/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration space of the PCI bus: every byte of every device, what can be
 * written and what not, BARs, and the access window, by which a guest prints
 * before it has a driver.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "test/host/bus.h"

#define FIRST_BAR (BUS_RAM + 0x100000u)
#define REGISTERS 38u

/* What is not zero in a device's space, by dword. */
struct dword {
	u32 reg, value;
};

struct function {
	u32 id, class;
	u32 config_size; /* of the device's own registers */
};

static const struct function functions[] = {
	[SLOT_CONSOLE] = { 0x10431af4, 0x07000001, 12 },
	[SLOT_RNG] = { 0x10441af4, 0xff000001, 0 },
	[SLOT_DISK] = { 0x10421af4, 0x01800001, 36 },
};

/* As the ABI draws it: header, then the capabilities by address. */
static u32 expected(u32 slot, u32 reg)
{
	const struct function *f = &functions[slot];
	const struct dword dwords[] = {
		{ 0x00, f->id },
		{ 0x04, 0x00100000 },
		{ 0x08, f->class },
		{ 0x10, FIRST_BAR + (slot - 1) * 4096 },
		{ 0x2c, 0x00400000 },
		{ 0x34, 0x40 },
		{ 0x3c, slot },
		{ 0x40, 0x01105009 },
		{ 0x4c, 56 },
		{ 0x50, 0x02146409 },
		{ 0x58, 56 },
		{ 0x5c, 2 },
		{ 0x64, 0x03108409 },
		{ 0x6c, 58 },
		{ 0x70, 1 },
		{ 0x74, f->config_size ? 0x04100009 : 0 },
		{ 0x7c, f->config_size ? 60 : 0 },
		{ 0x80, f->config_size },
		{ 0x84, f->config_size ? 0x05147409 : 0x05140009 },
	};

	for (u32 i = 0; i < ARRAY_SIZE(dwords); i++) {
		if (dwords[i].reg == reg) {
			return dwords[i].value;
		}
	}
	return 0;
}

static void check_space(u32 slot)
{
	for (u32 reg = 0; reg < REGISTERS * 4; reg += 4) {
		u32 value = config_read(slot, reg, 4);

		if (value != expected(slot, reg)) {
			fail_msg("slot %u, register 0x%x: 0x%x", slot, reg,
				 value);
		}
	}
	assert_int_equal(config_read(slot, REGISTERS * 4, 4), 0xffffffff);
	assert_int_equal(config_read(slot, 0xff, 1), 0xff);
}

static void test_space(void **state)
{
	(void)state;
	for (u32 slot = 1; slot < ARRAY_SIZE(functions); slot++) {
		check_space(slot);
	}
	for (u32 slot = ARRAY_SIZE(functions); slot < 32; slot++) {
		assert_int_equal(config_read(slot, 0, 4), 0xffffffff);
	}
}

/* Zero but for its class, so that it is found and not enumerated. */
static void test_bridge(void **state)
{
	(void)state;
	for (u32 reg = 0; reg < REGISTERS * 4; reg += 4) {
		config_write(0, reg, 4, 0xffffffff);
		assert_int_equal(config_read(0, reg, 4),
				 reg == 8 ? 0x06000000 : 0);
	}
	assert_int_equal(config_read(0, 0x0a, 2), 0x0600);
	assert_int_equal(config_read(0, 0x0b, 1), 0x06);
}

/* Registers with an effect are other tests'. */
static bool is_effective(u32 reg)
{
	return reg == 0x10 || reg == 0x88 || reg == 0x8c || reg == 0x90 ||
	       reg == 0x94;
}

/* By each width; the two bytes that can be written hold what was. */
static void test_writes(void **state)
{
	(void)state;
	for (u32 width = 1; width <= 4; width *= 2) {
		for (u32 reg = 0; reg < REGISTERS * 4; reg += width) {
			if (!is_effective(reg & ~3u)) {
				config_write(SLOT_DISK, reg, width, ~0u);
			}
		}
		config_write(SLOT_DISK, 0x0c, 1, 0);
		config_write(SLOT_DISK, 0x0d, 1, 0);
		check_space(SLOT_DISK);
	}
	config_write(SLOT_DISK, 0x0c, 1, 0x08);
	config_write(SLOT_DISK, 0x0d, 1, 0x40);
	assert_int_equal(config_read(SLOT_DISK, 0x0c, 4), 0x4008);
	config_write(SLOT_DISK, 0x0c, 2, 0x2010);
	assert_int_equal(config_read(SLOT_DISK, 0x0c, 4), 0x2010);
}

/* What the latch does not name is not written. */
static void test_other_functions(void **state)
{
	static const u32 others[] = { 0x00000810, 0x80010810, 0x80ff0810,
				      0x80000910, 0x80000f10, 0x8000f810 };

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(others); i++) {
		port_write(0xcf8, 4, others[i]);
		port_write(0xcfc, 4, 0xe0000000);
		assert_int_equal(port_read(0xcfc, 4), 0xffffffff);
	}
	check_space(SLOT_CONSOLE);
}

/* As systems find out the size, and as they move a device. */
static void test_bar(void **state)
{
	u32 old = config_read(SLOT_DISK, 0x10, 4);
	struct io_access a = { .width = 4 };

	(void)state;
	config_write(SLOT_DISK, 0x10, 4, 0xffffffff);
	assert_int_equal(config_read(SLOT_DISK, 0x10, 4), 0xfffff000);
	assert_int_equal(reg_read(SLOT_DISK, R_NUM_QUEUES, 2), 1);
	assert_int_equal(devices_mmio(&bus.devices, mk_gpa(old), &a),
			 IO_UNHANDLED);
	config_write(SLOT_DISK, 0x10, 4, 0);
	assert_int_equal(config_read(SLOT_DISK, 0x10, 4), 0);
	config_write(SLOT_DISK, 0x10, 4, 0xe0001234);
	assert_int_equal(config_read(SLOT_DISK, 0x10, 4), 0xe0001000);
	assert_int_equal(reg_read(SLOT_DISK, R_NUM_QUEUES, 2), 1);
	/* By parts, which nobody does. */
	config_write(SLOT_DISK, 0x12, 2, 0xd000);
	config_write(SLOT_DISK, 0x11, 1, 0x2f);
	assert_int_equal(config_read(SLOT_DISK, 0x10, 4), 0xd0002000);
	/* The others of a device's BARs do not exist. */
	config_write(SLOT_DISK, 0x14, 4, 0xffffffff);
	assert_int_equal(config_read(SLOT_DISK, 0x14, 4), 0);
	/* There is nothing above 4 GiB, whatever the low bits say. */
	assert_int_equal(devices_mmio(&bus.devices, mk_gpa(0x1d0002000), &a),
			 IO_UNHANDLED);
}

static void window(u32 slot, u32 offset, u32 length)
{
	config_write(slot, 0x88, 1, 0);
	config_write(slot, 0x8c, 4, offset);
	config_write(slot, 0x90, 4, length);
}

static void test_window(void **state)
{
	(void)state;
	window(SLOT_CONSOLE, R_NUM_QUEUES, 2);
	assert_int_equal(config_read(SLOT_CONSOLE, 0x94, 4), 2);
	window(SLOT_CONSOLE, R_STATUS, 1);
	config_write(SLOT_CONSOLE, 0x94, 4, S_ACK);
	assert_int_equal(status_of(SLOT_CONSOLE), S_ACK);
	/* A character is the low byte. */
	window(SLOT_CONSOLE, R_CONFIG + 8, 4);
	config_write(SLOT_CONSOLE, 0x94, 4, 0x12345600 | 'x');
	assert_string_equal(bus.printed, "x");
	/* The device may be in any state. */
	set_status(SLOT_CONSOLE, S_FAILED);
	config_write(SLOT_CONSOLE, 0x94, 4, 'y');
	assert_string_equal(bus.printed, "xy");
}

/* Another BAR, odd places and lengths: nothing. */
static void test_bad_windows(void **state)
{
	static const struct {
		u32 offset, length;
	} bad[] = {
		{ R_CONFIG + 9, 4 }, { R_CONFIG + 12, 4 }, { R_CONFIG + 8, 3 },
		{ R_CONFIG + 8, 0 }, { R_CONFIG + 8, 8 },  { ~3u, 4 },
	};

	(void)state;
	window(SLOT_CONSOLE, R_CONFIG + 8, 4);
	config_write(SLOT_CONSOLE, 0x88, 1, 1);
	config_write(SLOT_CONSOLE, 0x94, 4, 'y');
	for (u32 i = 0; i < ARRAY_SIZE(bad); i++) {
		window(SLOT_CONSOLE, bad[i].offset, bad[i].length);
		config_write(SLOT_CONSOLE, 0x94, 4, 'y');
		assert_int_equal(config_read(SLOT_CONSOLE, 0x94, 4), 0);
	}
	assert_string_equal(bus.printed, "");
}

/*
 * The port access moves bytes of the window's four; the length alone says how
 * many of them go to the register or come from it.
 */
static void test_window_parts(void **state)
{
	(void)state;
	window(SLOT_CONSOLE, R_CONFIG, 4);
	assert_int_equal(config_read(SLOT_CONSOLE, 0x94, 4), 80 | 25 << 16);
	assert_int_equal(config_read(SLOT_CONSOLE, 0x94, 1), 80);
	assert_int_equal(config_read(SLOT_CONSOLE, 0x96, 1), 25);
	assert_int_equal(config_read(SLOT_CONSOLE, 0x96, 2), 25);
	window(SLOT_CONSOLE, R_DRIVER_SELECT, 4);
	config_write(SLOT_CONSOLE, 0x94, 4, 0x11223344);
	config_write(SLOT_CONSOLE, 0x94, 1, 0xaabbccdd);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_DRIVER_SELECT, 4),
			 0x112233dd);
	config_write(SLOT_CONSOLE, 0x96, 2, 0x77885566);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_DRIVER_SELECT, 4),
			 0x556633dd);
}

#define VPCI_TEST(f) cmocka_unit_test_setup_teardown(f, bus_setup, bus_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		VPCI_TEST(test_space),	     VPCI_TEST(test_bridge),
		VPCI_TEST(test_writes),	     VPCI_TEST(test_other_functions),
		VPCI_TEST(test_bar),	     VPCI_TEST(test_window),
		VPCI_TEST(test_bad_windows), VPCI_TEST(test_window_parts),
	};

	return cmocka_run_group_tests_name("vpci_config", tests, NULL, NULL);
}
