/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The PCI transport's registers: the status machine, features, queues; and the
 * console behind them. t_vpci_config has the configuration space.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "test/host/bus.h"

#define FIRST_BAR (BUS_RAM + 0x100000u)
#define RINGS_IN  0x4000u
#define RINGS_OUT 0x8000u
#define DATA	  0x10000u

#define FUZZ_ROUNDS 200000

/* All that each device has to offer, low and high half. */
static void test_offers(void **state)
{
	static const u32 offers[] = {
		[SLOT_CONSOLE] = 0x5, [SLOT_RNG] = 0, [SLOT_DISK] = 0x204
	};

	(void)state;
	for (u32 slot = SLOT_CONSOLE; slot <= SLOT_DISK; slot++) {
		for (u32 half = 0; half < 4; half++) {
			u32 offer = half == 0 ? offers[slot] : half == 1;

			reg_write(slot, R_DEVICE_SELECT, 4, half);
			assert_int_equal(reg_read(slot, R_DEVICE_SELECT, 4),
					 half);
			reg_write(slot, R_DEVICE_FEATURE, 4, ~offer);
			assert_int_equal(reg_read(slot, R_DEVICE_FEATURE, 4),
					 offer);
		}
	}
	/* A size that nobody knows is not offered. */
	bus.size = (struct vcon_size){ 0, 0 };
	bus_reset();
	assert_int_equal(reg_read(SLOT_CONSOLE, R_DEVICE_FEATURE, 4), 0x4);
}

static void test_features(void **state)
{
	(void)state;
	set_status(SLOT_CONSOLE, S_ACK);
	/* Too early. */
	reg_write(SLOT_CONSOLE, R_DRIVER_FEATURE, 4, 4);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_DRIVER_FEATURE, 4), 0);
	set_status(SLOT_CONSOLE, S_ACK | S_DRIVER);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_DEVICE_FEATURE, 4), 5);
	reg_write(SLOT_CONSOLE, R_DEVICE_SELECT, 4, 1);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_DEVICE_FEATURE, 4), 1);
	reg_write(SLOT_CONSOLE, R_DEVICE_SELECT, 4, 2);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_DEVICE_FEATURE, 4), 0);
	/* Without VERSION_1 there is no agreement. */
	set_status(SLOT_CONSOLE, S_SET_UP);
	assert_int_equal(status_of(SLOT_CONSOLE), S_ACK | S_DRIVER);
	reg_write(SLOT_CONSOLE, R_DRIVER_SELECT, 4, 1);
	reg_write(SLOT_CONSOLE, R_DRIVER_FEATURE, 4, 1);
	/* Nor with something that was not offered. */
	reg_write(SLOT_CONSOLE, R_DRIVER_SELECT, 4, 0);
	reg_write(SLOT_CONSOLE, R_DRIVER_FEATURE, 4, 2);
	set_status(SLOT_CONSOLE, S_SET_UP);
	assert_int_equal(status_of(SLOT_CONSOLE), S_ACK | S_DRIVER);
	reg_write(SLOT_CONSOLE, R_DRIVER_FEATURE, 4, 0);
	set_status(SLOT_CONSOLE, S_SET_UP);
	assert_int_equal(status_of(SLOT_CONSOLE), S_SET_UP);
	/* Too late. */
	reg_write(SLOT_CONSOLE, R_DRIVER_FEATURE, 4, 4);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_DRIVER_FEATURE, 4), 0);
	/* A reset forgets what was accepted. */
	set_status(SLOT_CONSOLE, 0);
	reg_write(SLOT_CONSOLE, R_DRIVER_SELECT, 4, 1);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_DRIVER_FEATURE, 4), 0);
	/* There is no third half. */
	set_status(SLOT_CONSOLE, S_ACK | S_DRIVER);
	reg_write(SLOT_CONSOLE, R_DRIVER_FEATURE, 4, 1);
	reg_write(SLOT_CONSOLE, R_DRIVER_SELECT, 4, 2);
	reg_write(SLOT_CONSOLE, R_DRIVER_FEATURE, 4, ~0u);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_DRIVER_FEATURE, 4), 0);
	set_status(SLOT_CONSOLE, S_SET_UP);
	assert_int_equal(status_of(SLOT_CONSOLE), S_SET_UP);
}

/* Every step that is not the next one. */
static void test_status(void **state)
{
	static const u32 wrong[] = { S_DRIVER,
				     S_DRIVER_OK,
				     S_ACK | S_DRIVER_OK,
				     S_ACK | S_DRIVER | S_DRIVER_OK,
				     S_FAILED,
				     0x10,
				     0xff };

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(wrong); i++) {
		set_status(SLOT_RNG, 0);
		assert_int_equal(status_of(SLOT_RNG), 0);
		set_status(SLOT_RNG, wrong[i]);
		assert_int_equal(status_of(SLOT_RNG) & S_FAILED, S_FAILED);
		set_status(SLOT_RNG, S_ACK);
		assert_int_equal(status_of(SLOT_RNG) & S_FAILED, S_FAILED);
	}
	bring_up(SLOT_RNG);
	set_status(SLOT_RNG, S_LIVE);
	assert_int_equal(status_of(SLOT_RNG), S_LIVE);
	set_status(SLOT_RNG, S_SET_UP);
	assert_int_equal(status_of(SLOT_RNG), S_LIVE | S_FAILED);
	assert_false(bus.entropy.dev.is_live);
}

static void test_queue_registers(void **state)
{
	struct ring r = ring_at(RINGS_IN, 64);

	(void)state;
	/* Before the features are settled, queues rest. */
	set_queue(SLOT_CONSOLE, 0, &r);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_QUEUE_SIZE, 2), 256);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_QUEUE_ENABLE, 2), 0);
	bring_up(SLOT_CONSOLE);
	reg_write(SLOT_CONSOLE, R_QUEUE_SIZE, 2, 0);
	reg_write(SLOT_CONSOLE, R_QUEUE_SIZE, 2, 3);
	reg_write(SLOT_CONSOLE, R_QUEUE_SIZE, 2, 512);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_QUEUE_SIZE, 2), 256);
	set_queue(SLOT_CONSOLE, 0, &r);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_QUEUE_ENABLE, 2), 1);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_QUEUE_SIZE, 2), 64);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_USED, 4), r.used);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_USED + 4, 4), 0);
	/* In use: fixed. */
	reg_write(SLOT_CONSOLE, R_DESC, 4, 0x9000);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_DESC, 4), RINGS_IN);
	reg_write(SLOT_CONSOLE, R_QUEUE_SIZE, 2, 32);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_QUEUE_SIZE, 2), 64);
	/* No such queue. */
	reg_write(SLOT_CONSOLE, R_QUEUE_SELECT, 2, 2);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_QUEUE_SIZE, 2), 0);
	reg_write(SLOT_CONSOLE, R_QUEUE_ENABLE, 2, 1);
	assert_int_equal(status_of(SLOT_CONSOLE), S_SET_UP);
	set_status(SLOT_CONSOLE, 0);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_QUEUE_SIZE, 2), 256);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_QUEUE_ENABLE, 2), 0);
}

/* Queues are enabled by 1 alone, and before the driver is ready. */
static void test_queue_enable(void **state)
{
	struct ring r = ring_at(RINGS_OUT, 16);

	(void)state;
	bring_up(SLOT_CONSOLE);
	set_status(SLOT_CONSOLE, S_LIVE);
	set_queue(SLOT_CONSOLE, 1, &r);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_QUEUE_ENABLE, 2), 0);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_QUEUE_SIZE, 2), 256);
	for (u32 value = 0; value < 3; value += 2) {
		bring_up(SLOT_CONSOLE);
		reg_write(SLOT_CONSOLE, R_QUEUE_ENABLE, 2, value);
		assert_int_equal(reg_read(SLOT_CONSOLE, R_QUEUE_ENABLE, 2), 0);
		assert_int_equal(status_of(SLOT_CONSOLE), S_SET_UP | S_FAILED);
	}
}

/* Registers that say something and do nothing. */
static void test_constants(void **state)
{
	static const struct {
		u32 offset, width, value;
	} constants[] = {
		{ R_MSIX_CONFIG, 2, 0xffff },	{ R_NUM_QUEUES, 2, 2 },
		{ R_GENERATION, 1, 0 },		{ R_QUEUE_MSIX, 2, 0xffff },
		{ R_QUEUE_NOTIFY_OFF, 2, 0 },	{ R_NOTIFY, 2, 0 },
		{ R_CONFIG, 4, 80 | 25 << 16 }, { R_CONFIG + 4, 4, 0 },
		{ R_CONFIG + 8, 4, 0 },
	};

	(void)state;
	bring_up(SLOT_CONSOLE);
	for (u32 i = 0; i < ARRAY_SIZE(constants); i++) {
		u32 offset = constants[i].offset, width = constants[i].width;

		reg_write(SLOT_CONSOLE, offset, width, 1);
		assert_int_equal(reg_read(SLOT_CONSOLE, offset, width),
				 constants[i].value);
	}
	assert_int_equal(status_of(SLOT_CONSOLE), S_SET_UP);
}

static void test_bad_queue(void **state)
{
	struct ring r = ring_at(BUS_RAM - 0x800, 256);

	(void)state;
	bring_up(SLOT_RNG);
	set_queue(SLOT_RNG, 0, &r);
	assert_int_equal(status_of(SLOT_RNG), S_SET_UP | S_FAILED);
	assert_int_equal(reg_read(SLOT_RNG, R_QUEUE_ENABLE, 2), 0);
	r = ring_at(RINGS_IN, 256);
	r.avail |= 1ull << 32;
	bring_up(SLOT_RNG);
	set_queue(SLOT_RNG, 0, &r);
	assert_int_equal(status_of(SLOT_RNG), S_SET_UP | S_FAILED);
}

/* Accesses of another width than the register's own. */
static void test_widths(void **state)
{
	(void)state;
	assert_int_equal(reg_read(SLOT_CONSOLE, R_NUM_QUEUES, 1), 0);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_NUM_QUEUES, 4), 0);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_NUM_QUEUES - 1, 2), 0);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_DEVICE_FEATURE, 2), 0);
	reg_write(SLOT_CONSOLE, R_STATUS, 2, S_ACK);
	reg_write(SLOT_CONSOLE, R_STATUS, 4, S_ACK);
	assert_int_equal(status_of(SLOT_CONSOLE), 0);
	assert_int_equal(reg_read(SLOT_CONSOLE, 4095, 4), 0);
	assert_int_equal(reg_read(SLOT_CONSOLE, 128, 4), 0);
	/* Any width will do for the device's own. */
	assert_int_equal(reg_read(SLOT_CONSOLE, R_CONFIG, 2), 80);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_CONFIG, 4), 80 | 25 << 16);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_CONFIG + 2, 1), 25);
}

/* --- the console --- */

static struct ring in, out;

static void start_console(void)
{
	in = ring_at(RINGS_IN, 16);
	out = ring_at(RINGS_OUT, 16);
	bring_up(SLOT_CONSOLE);
	set_queue(SLOT_CONSOLE, 0, &in);
	set_queue(SLOT_CONSOLE, 1, &out);
	set_status(SLOT_CONSOLE, S_LIVE);
}

static void test_output(void **state)
{
	u32 id, len;

	(void)state;
	start_console();
	mem_put(DATA, "Hello, world\n", 13);
	ring_desc(&out, 2, DATA, 7, D_NEXT, 5);
	ring_desc(&out, 5, DATA + 7, 6, 0, 0);
	ring_offer(&out, 2);
	assert_int_equal(bus.printed_len, 0);
	notify(SLOT_CONSOLE, 1);
	assert_string_equal(bus.printed, "Hello, world\n");
	assert_true(ring_done(&out, &id, &len));
	assert_int_equal(id, 2);
	assert_int_equal(len, 0);
	assert_int_equal(bus.virq.pending, 1 << SLOT_CONSOLE);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_ISR, 1), 1);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_ISR, 1), 0);
	/* No interrupt is wanted. */
	bus.virq.pending = 0;
	mem_put16(out.avail, 1);
	ring_offer(&out, 5);
	notify(SLOT_CONSOLE, 1);
	assert_true(ring_done(&out, &id, &len));
	assert_int_equal(bus.virq.pending, 0);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_ISR, 1), 0);
}

/* What was offered and announced before the driver was ready is served then. */
static void test_offered_early(void **state)
{
	u32 id, len;

	(void)state;
	out = ring_at(RINGS_OUT, 16);
	bring_up(SLOT_CONSOLE);
	set_queue(SLOT_CONSOLE, 1, &out);
	mem_put(DATA, "early", 5);
	ring_desc(&out, 0, DATA, 5, 0, 0);
	ring_offer(&out, 0);
	notify(SLOT_CONSOLE, 1);
	assert_false(ring_done(&out, &id, &len));
	assert_string_equal(bus.printed, "");
	set_status(SLOT_CONSOLE, S_LIVE);
	assert_true(ring_done(&out, &id, &len));
	assert_string_equal(bus.printed, "early");
	assert_int_equal(bus.virq.pending, 1 << SLOT_CONSOLE);
	/* Writing it does not clear it. */
	reg_write(SLOT_CONSOLE, R_ISR, 1, 0);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_ISR, 1), 1);
}

static void test_input(void **state)
{
	char text[8] = "";
	u32 id, len;

	(void)state;
	bus_type("early");
	start_console();
	assert_false(ring_done(&in, &id, &len));
	ring_desc(&in, 0, DATA, 3, D_WRITE, 0);
	ring_desc(&in, 1, DATA + 16, 3, D_WRITE, 0);
	ring_desc(&in, 2, DATA + 32, 3, D_WRITE, 0);
	ring_offer(&in, 0);
	notify(SLOT_CONSOLE, 0);
	assert_true(ring_done(&in, &id, &len));
	assert_int_equal(len, 3);
	ring_offer(&in, 1);
	ring_offer(&in, 2);
	notify(SLOT_CONSOLE, 0);
	assert_true(ring_done(&in, &id, &len));
	assert_int_equal(id, 1);
	assert_int_equal(len, 2);
	/* The last buffer waits. */
	assert_false(ring_done(&in, &id, &len));
	bus.virq.pending = 0;
	vcon_poll(&bus.console);
	assert_int_equal(bus.virq.pending, 0);
	bus_type("x");
	assert_int_equal(bus.virq.pending, 1 << SLOT_CONSOLE);
	assert_true(ring_done(&in, &id, &len));
	assert_int_equal(id, 2);
	assert_int_equal(len, 1);
	mem_get(DATA, text, 3);
	mem_get(DATA + 16, text + 3, 2);
	mem_get(DATA + 32, text + 5, 1);
	assert_string_equal(text, "earlyx");
}

/*
 * What long output finds typed raises no interrupt any more: whoever sleeps
 * for it is told at once.
 */
static void test_input_while_printing(void **state)
{
	char key = 0;
	u32 id, len;

	(void)state;
	start_console();
	ring_desc(&in, 0, DATA, 1, D_WRITE, 0);
	ring_offer(&in, 0);
	notify(SLOT_CONSOLE, 0);
	ring_desc(&out, 0, DATA + 16, 8, 0, 0);
	ring_offer(&out, 0);
	mem_put16(out.avail, 1);
	bus.types_while_printing = true;
	notify(SLOT_CONSOLE, 1);
	assert_true(ring_done(&in, &id, &len));
	assert_int_equal(len, 1);
	mem_get(DATA, &key, 1);
	assert_int_equal(key, 'k');
	assert_int_equal(bus.virq.pending, 1 << SLOT_CONSOLE);
}

/* Buffers that the device may not write: given back, nothing is lost. */
static void test_useless_buffer(void **state)
{
	u32 id, len;

	(void)state;
	start_console();
	ring_desc(&in, 0, DATA, 3, 0, 0);
	ring_desc(&in, 1, DATA, 3, D_WRITE, 0);
	ring_offer(&in, 0);
	ring_offer(&in, 1);
	bus_type("a");
	assert_true(ring_done(&in, &id, &len));
	assert_int_equal(len, 0);
	assert_true(ring_done(&in, &id, &len));
	assert_int_equal(len, 1);
}

/* What breaks a queue shows in the status, and a reset mends it. */
static void test_broken(void **state)
{
	(void)state;
	start_console();
	ring_desc(&out, 0, DATA, 0, 0, 0);
	ring_desc(&out, 1, 1ull << 40, 7, 0, 0);
	ring_offer(&out, 0);
	notify(SLOT_CONSOLE, 1);
	ring_offer(&out, 1);
	notify(SLOT_CONSOLE, 1);
	assert_int_equal(status_of(SLOT_CONSOLE), S_LIVE | S_NEEDS_RESET);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_ISR, 1), 3);
	notify(SLOT_CONSOLE, 1);
	notify(SLOT_CONSOLE, 7);
	assert_int_equal(reg_read(SLOT_CONSOLE, R_ISR, 1), 0);
	memset(bus.printed, 0, sizeof(bus.printed));
	mem_put16(RINGS_OUT + 16 * 16 + 2, 0);
	test_output(state);
}

/* --- noise --- */

static u32 rng = 5;

static u32 rnd(u32 n)
{
	rng = rng * 1664525u + 1013904223u;
	return (rng >> 8) % n;
}

static u32 interesting(void)
{
	static const u32 values[] = { 0,      1,      2,       3,
				      4,      8,      0xb,     0xf,
				      0x40,   0x80,   0x100,   0x4000,
				      0x8000, 0xffff, 0x10000, 0x3fff0 };

	return rnd(4) ? values[rnd(ARRAY_SIZE(values))] : rng;
}

static void random_access(void)
{
	u32 slot = 1 + rnd(3), width = 1u << rnd(3);
	u32 offset = rnd(8) ? rnd(20) * 4 + rnd(2) * 2 : rnd(4096);

	switch (rnd(8)) {
	case 0:
		config_write(slot, ROUND_DOWN(rnd(152), width), width,
			     interesting());
		break;
	case 1:
		config_read(slot, ROUND_DOWN(rnd(152), width), width);
		break;
	case 2:
		reg_read(slot, offset, width);
		break;
	case 3:
		mem_put(rnd(BUS_RAM - 64), &rng, 4);
		break;
	case 4:
		bus_type("q");
		break;
	default:
		reg_write(slot, offset, width, interesting());
		break;
	}
}

static void test_noise(void **state)
{
	(void)state;
	for (u32 i = 0; i < FUZZ_ROUNDS; i++) {
		if (rnd(64) == 0) {
			bus_reset();
		}
		if (rnd(64) == 0) {
			start_console();
		}
		random_access();
		/* Two BARs in one place make one device unreachable. */
		for (u32 s = 1; s <= 3; s++) {
			config_write(s, 0x10, 4, FIRST_BAR + s * 4096);
		}
	}
}

#define VPCI_TEST(f) cmocka_unit_test_setup_teardown(f, bus_setup, bus_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		VPCI_TEST(test_offers),
		VPCI_TEST(test_features),
		VPCI_TEST(test_status),
		VPCI_TEST(test_queue_registers),
		VPCI_TEST(test_queue_enable),
		VPCI_TEST(test_constants),
		VPCI_TEST(test_bad_queue),
		VPCI_TEST(test_widths),
		VPCI_TEST(test_output),
		VPCI_TEST(test_offered_early),
		VPCI_TEST(test_input),
		VPCI_TEST(test_input_while_printing),
		VPCI_TEST(test_useless_buffer),
		VPCI_TEST(test_broken),
		VPCI_TEST(test_noise),
	};

	return cmocka_run_group_tests_name("vpci", tests, NULL, NULL);
}
