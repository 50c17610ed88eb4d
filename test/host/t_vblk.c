/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The block device, over PCI: requests of every shape, bounds, and random
 * ones against a model of the disk. The entropy device beside it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hv/dev/store_mem.h"
#include "test/host/bus.h"

#define RINGS	0x4000u
#define HEADER	0x10000u
#define STATUS	0x11000u
#define DATA	0x12000u
#define SECTORS (BUS_DISK / 512)

#define RANDOM_ROUNDS 20000

#define F_READ_ONLY 0x20u

enum {
	T_IN = 0,
	T_OUT = 1,
	T_FLUSH = 4,
	T_GET_ID = 8,
};

static struct ring r;

/* The disk served through ring r. */
static void go_live(void)
{
	bring_up(SLOT_DISK);
	set_queue(SLOT_DISK, 0, &r);
	set_status(SLOT_DISK, S_LIVE);
	assert_int_equal(status_of(SLOT_DISK), S_LIVE);
}

static int setup(void **state)
{
	bus_setup(state);
	r = ring_at(RINGS, 16);
	go_live();
	return 0;
}

static void put_header(u32 type, u64 sector)
{
	const u32 zero = 0;

	mem_put(HEADER, &type, 4);
	mem_put(HEADER + 4, &zero, 4);
	mem_put(HEADER + 8, &sector, 8);
}

/* Serve the chain at descriptor 0; the used length comes back. */
static u32 serve(void)
{
	u32 id, len;

	ring_offer(&r, 0);
	notify(SLOT_DISK, 0);
	while (devices_run(&bus.devices)) {
	}
	assert_true(ring_done(&r, &id, &len));
	assert_int_equal(id, 0);
	return len;
}

static u32 used_len; /* of the last request() */

/* An ordinary request: header, data, status. Returns the status. */
static u32 request(u32 type, u64 sector, u32 len)
{
	u32 dir = type == T_OUT ? 0 : D_WRITE;
	u8 status = 0xee;

	put_header(type, sector);
	mem_put(STATUS, &status, 1);
	ring_desc(&r, 0, HEADER, 16, D_NEXT, len ? 1 : 2);
	ring_desc(&r, 1, DATA, len, D_NEXT | dir, 2);
	ring_desc(&r, 2, STATUS, 1, D_WRITE, 0);
	used_len = serve();
	mem_get(STATUS, &status, 1);
	return status;
}

static void test_config(void **state)
{
	(void)state;
	assert_int_equal(reg_read(SLOT_DISK, R_CONFIG, 4), SECTORS);
	assert_int_equal(reg_read(SLOT_DISK, R_CONFIG + 4, 4), 0);
	assert_int_equal(reg_read(SLOT_DISK, R_CONFIG + 12, 4), 254);
	assert_int_equal(reg_read(SLOT_DISK, R_CONFIG + 20, 4), 512);
	reg_write(SLOT_DISK, R_CONFIG, 4, 1000);
	assert_int_equal(reg_read(SLOT_DISK, R_CONFIG, 4), SECTORS);
}

static void test_read_write(void **state)
{
	u8 bytes[1024], got[1024];

	(void)state;
	assert_int_equal(request(T_IN, 3, 1024), 0);
	mem_get(DATA, got, 1024);
	assert_memory_equal(got, bus.bytes + 3 * 512, 1024);
	assert_int_equal(bus.virq.pending, 1 << SLOT_DISK);
	memset(bytes, 0x5a, sizeof(bytes));
	mem_put(DATA, bytes, 1024);
	assert_int_equal(request(T_OUT, 7, 1024), 0);
	assert_memory_equal(bus.bytes + 7 * 512, bytes, 1024);
	assert_int_equal(request(T_FLUSH, 0, 0), 0);
	assert_int_equal(request(T_GET_ID, 0, 20), 0);
	mem_get(DATA, got, 20);
	assert_string_equal((char *)got, "umbra-disk-0");
	assert_int_equal(request(2, 0, 512), 2);
	assert_int_equal(request(0x80000000, 0, 512), 2);
}

static void test_bounds(void **state)
{
	u8 before[BUS_DISK];

	(void)state;
	memcpy(before, bus.bytes, BUS_DISK);
	assert_int_equal(request(T_IN, SECTORS - 1, 512), 0);
	assert_int_equal(request(T_IN, SECTORS, 512), 1);
	assert_int_equal(request(T_OUT, SECTORS, 512), 1);
	/* The tail of the file that fills no sector. */
	assert_int_equal(request(T_OUT, SECTORS, 100), 1);
	assert_int_equal(request(T_OUT, SECTORS - 1, 513), 1);
	assert_int_equal(request(T_IN, 0, SECTORS * 512 + 512), 1);
	assert_int_equal(request(T_IN, 1ull << 55, 512), 1);
	assert_int_equal(request(T_IN, ~0ull, 512), 1);
	assert_int_equal(request(T_OUT, 1ull << 32, 512), 1);
	assert_memory_equal(bus.bytes, before, BUS_DISK);
}

/*
 * What was written counts, the status included, unless something before it
 * was not: a driver may rely on the first so many bytes.
 */
static void test_used_length(void **state)
{
	static const struct {
		u32 type, sector, len, status, used;
	} requests[] = {
		{ T_IN, 3, 1024, 0, 1025 },
		{ T_OUT, 3, 512, 0, 1 },
		{ T_FLUSH, 0, 0, 0, 1 },
		{ T_GET_ID, 0, 20, 0, 21 },
		{ T_GET_ID, 0, 512, 0, 20 },
		{ T_GET_ID, 0, 8, 0, 9 },
		{ T_IN, SECTORS, 512, 1, 0 },
		{ T_OUT, SECTORS, 512, 1, 1 },
		{ 2, 0, 0, 2, 1 },
		{ 2, 0, 512, 2, 0 },
	};

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(requests); i++) {
		assert_int_equal(request(requests[i].type, requests[i].sector,
					 requests[i].len),
				 requests[i].status);
		assert_int_equal(used_len, requests[i].used);
	}
}

/* The parts of a request may be cut anywhere. */
static void test_layouts(void **state)
{
	u8 got[513];

	(void)state;
	put_header(T_IN, 2);
	ring_desc(&r, 0, HEADER, 5, D_NEXT, 1);
	ring_desc(&r, 1, HEADER + 5, 11, D_NEXT, 2);
	ring_desc(&r, 2, DATA, 513, D_WRITE, 0);
	assert_int_equal(serve(), 513);
	mem_get(DATA, got, 513);
	assert_memory_equal(got, bus.bytes + 2 * 512, 512);
	assert_int_equal(got[512], 0);
	/* Header and data together. */
	put_header(T_OUT, 0);
	mem_put(HEADER + 16, "data", 4);
	ring_desc(&r, 0, HEADER, 20, D_NEXT, 1);
	ring_desc(&r, 1, STATUS, 1, D_WRITE, 0);
	assert_int_equal(serve(), 1);
	assert_memory_equal(bus.bytes, "data", 4);
}

/* No header, no status, nothing to write: nobody to tell, nothing done. */
static void test_malformed(void **state)
{
	u8 status = 0xee;

	(void)state;
	put_header(T_OUT, 0);
	ring_desc(&r, 0, HEADER, 16, 0, 0);
	assert_int_equal(serve(), 0);
	ring_desc(&r, 0, HEADER, 15, D_NEXT, 1);
	ring_desc(&r, 1, STATUS, 1, D_WRITE, 0);
	mem_put(STATUS, &status, 1);
	serve();
	mem_get(STATUS, &status, 1);
	assert_int_equal(status, 1);
	ring_desc(&r, 0, DATA, 8, D_WRITE, 0);
	serve();
	assert_int_equal(status_of(SLOT_DISK), S_LIVE);
	/* A last descriptor of no bytes: no place for the status. */
	ring_desc(&r, 0, HEADER, 16, D_NEXT, 1);
	ring_desc(&r, 1, STATUS, 0, D_WRITE, 0);
	assert_int_equal(serve(), 0);
}

/* One buffer over and over: long, but it ends. */
static void test_huge(void **state)
{
	u8 status;

	(void)state;
	put_header(T_IN, 0);
	ring_desc(&r, 0, HEADER, 16, D_NEXT, 1);
	for (u32 i = 1; i < 15; i++) {
		ring_desc(&r, i, DATA, BUS_RAM - DATA, D_NEXT | D_WRITE, i + 1);
	}
	ring_desc(&r, 15, STATUS, 1, D_WRITE, 0);
	serve();
	mem_get(STATUS, &status, 1);
	assert_int_equal(status, 1);
}

static void test_read_only(void **state)
{
	u8 before[BUS_DISK], got[512];
	u32 offered;

	(void)state;
	reg_write(SLOT_DISK, R_DEVICE_SELECT, 4, 0);
	offered = reg_read(SLOT_DISK, R_DEVICE_FEATURE, 4);
	assert_int_equal(offered & F_READ_ONLY, 0);
	memcpy(before, bus.bytes, BUS_DISK);
	bus.store.is_read_only = true;
	bus_reset();
	go_live();
	reg_write(SLOT_DISK, R_DEVICE_SELECT, 4, 0);
	assert_int_equal(reg_read(SLOT_DISK, R_DEVICE_FEATURE, 4),
			 offered | F_READ_ONLY);
	assert_int_equal(request(T_OUT, 0, 512), 1);
	assert_int_equal(request(T_OUT, 0, 0), 1);
	assert_memory_equal(bus.bytes, before, BUS_DISK);
	assert_int_equal(bus.disk.refused, 2);
	assert_int_equal(request(T_IN, 3, 512), 0);
	mem_get(DATA, got, 512);
	assert_memory_equal(got, bus.bytes + 3 * 512, 512);
	assert_int_equal(request(T_FLUSH, 0, 0), 0);
	assert_int_equal(bus.disk.refused, 2);
}

/* --- more than is done at once ------------------------------------------- */

#define BIG	  (3u << 20)
#define MANY_RAM  2048u /* frames */
#define PARTS_MAX 32u

static u8 *big;

/* A disk, and memory, that hold requests of megabytes. */
static int setup_big(void **state)
{
	bus_setup(state);
	driver_memory_free();
	driver_memory_init(MANY_RAM);
	big = malloc(BIG);
	assert_non_null(big);
	for (u32 i = 0; i < BIG; i++) {
		big[i] = (u8)(i * 13 + i / 4096);
	}
	bus.store = store_mem(big, BIG, false);
	bus_reset();
	r = ring_at(RINGS, 16);
	go_live();
	return 0;
}

static int teardown_big(void **state)
{
	free(big);
	return bus_teardown(state);
}

/* How many more times the devices have to be run until @n are done. */
static u32 runs_until(u32 n)
{
	u32 runs = 0;
	u32 id, len;
	bool more;

	for (u32 i = 0; i < n; i++) {
		while (!ring_done(&r, &id, &len)) {
			assert_true(devices_have_more(&bus.devices));
			assert_in_range(++runs, 1, PARTS_MAX);
			more = devices_run(&bus.devices);
			assert_int_equal(more, devices_have_more(&bus.devices));
		}
	}
	return runs;
}

static void test_parts(void **state)
{
	u8 *got = malloc(BIG);
	u8 status = 0xee;

	(void)state;
	assert_non_null(got);
	/* One request, in three parts; the interrupt comes with the last. */
	put_header(T_IN, 0);
	mem_put(STATUS, &status, 1);
	ring_desc(&r, 0, HEADER, 16, D_NEXT, 1);
	ring_desc(&r, 1, 0x100001, BIG, D_NEXT | D_WRITE, 2);
	ring_desc(&r, 2, STATUS, 1, D_WRITE, 0);
	ring_offer(&r, 0);
	notify(SLOT_DISK, 0);
	assert_int_equal(bus.virq.pending, 0);
	/* Interrupts of the machine do not hurry it. */
	for (u32 i = 0; i < 10; i++) {
		vcon_poll(&bus.console);
	}
	assert_in_range(runs_until(1), 2, 3);
	assert_int_equal(bus.virq.pending, 1 << SLOT_DISK);
	mem_get(0x100001, got, BIG);
	assert_memory_equal(got, big, BIG);
	mem_get(STATUS, &status, 1);
	assert_int_equal(status, 0);
	free(got);
}

/* A full ring: all of it is done, in order; a part does not do two. */
static void test_parts_of_ring(void **state)
{
	u32 id, len;

	(void)state;
	put_header(T_IN, 0);
	ring_desc(&r, 0, HEADER, 16, D_NEXT, 1);
	ring_desc(&r, 1, 0x100000, BIG / 3, D_NEXT | D_WRITE, 2);
	ring_desc(&r, 2, STATUS, 1, D_WRITE, 0);
	for (u32 i = 0; i < 10; i++) {
		ring_offer(&r, 0);
	}
	notify(SLOT_DISK, 0);
	assert_in_range(runs_until(10), 9, 10);
	/* Another kick in the middle goes on as well, and loses nothing. */
	ring_offer(&r, 0);
	ring_offer(&r, 0);
	ring_offer(&r, 0);
	notify(SLOT_DISK, 0);
	notify(SLOT_DISK, 0);
	notify(SLOT_DISK, 0);
	notify(SLOT_DISK, 0);
	for (u32 i = 0; i < 3; i++) {
		assert_true(ring_done(&r, &id, &len));
	}
	assert_false(ring_done(&r, &id, &len));
}

/* Many small requests are bounded too, by what requests cost. */
static void test_parts_of_chains(void **state)
{
	struct ring many = ring_at(0x40000, 256);
	u32 id, len, runs = 0;

	(void)state;
	set_status(SLOT_DISK, 0);
	r = many;
	go_live();
	put_header(T_FLUSH, 0);
	for (u32 i = 0; i < 255; i++) {
		ring_desc(&r, i, HEADER, i ? 0 : 16, D_NEXT, i + 1);
	}
	ring_desc(&r, 255, STATUS, 1, D_WRITE, 0);
	for (u32 i = 0; i < 256; i++) {
		ring_offer(&r, 0);
	}
	notify(SLOT_DISK, 0);
	for (u32 i = 0; i < 256; i++) {
		while (!ring_done(&r, &id, &len)) {
			assert_in_range(++runs, 1, 8);
			devices_run(&bus.devices);
		}
	}
	assert_in_range(runs, 3, 8);
}

/* A reset in the middle forgets the request. */
static void test_parts_and_reset(void **state)
{
	u32 id, len;

	(void)state;
	put_header(T_IN, 0);
	ring_desc(&r, 0, HEADER, 16, D_NEXT, 1);
	ring_desc(&r, 1, 0x100000, BIG, D_NEXT | D_WRITE, 2);
	ring_desc(&r, 2, STATUS, 1, D_WRITE, 0);
	ring_offer(&r, 0);
	notify(SLOT_DISK, 0);
	assert_true(devices_have_more(&bus.devices));
	set_status(SLOT_DISK, 0);
	assert_false(devices_run(&bus.devices));
	assert_false(devices_have_more(&bus.devices));
	assert_false(ring_done(&r, &id, &len));
	r = ring_at(0x20000, 16);
	go_live();
	assert_int_equal(request(T_IN, 1, 512), 0);
}

static void test_random(void **state)
{
	static u8 model[SECTORS * 512];
	u32 rng = 31;

	(void)state;
	memcpy(model, bus.bytes, sizeof(model));
	for (u32 i = 0; i < RANDOM_ROUNDS; i++) {
		u32 sector, len, want;
		bool is_write;
		u8 got[4096];

		rng = rng * 1664525u + 1013904223u;
		sector = (rng >> 8) % (SECTORS + 2);
		len = 512 * (1 + (rng >> 16) % 8);
		is_write = rng >> 31;
		memset(got, (int)(rng >> 24), len);
		if (is_write) {
			mem_put(DATA, got, len);
		}
		want = sector * 512 + len <= sizeof(model) ? 0 : 1;
		assert_int_equal(request(is_write ? T_OUT : T_IN, sector, len),
				 want);
		if (want == 0 && is_write) {
			memcpy(model + sector * 512, got, len);
		} else if (want == 0) {
			mem_get(DATA, got, len);
			assert_memory_equal(got, model + sector * 512, len);
		}
	}
	assert_memory_equal(bus.bytes, model, sizeof(model));
}

static void test_entropy(void **state)
{
	struct ring e = ring_at(0x20000, 8);
	u32 id, len;
	u8 got[80];

	(void)state;
	bring_up(SLOT_RNG);
	set_queue(SLOT_RNG, 0, &e);
	set_status(SLOT_RNG, S_LIVE);
	ring_desc(&e, 0, DATA, 70, D_WRITE | D_NEXT, 1);
	ring_desc(&e, 1, DATA + 70, 3, D_WRITE, 1);
	ring_offer(&e, 0);
	ring_desc(&e, 2, DATA + 0x1000, 0x9000, D_WRITE, 1);
	ring_offer(&e, 2);
	notify(SLOT_RNG, 0);
	assert_true(ring_done(&e, &id, &len));
	assert_int_equal(len, 73);
	assert_true(ring_done(&e, &id, &len));
	assert_in_range(len, 1, 0x9000);
	mem_get(DATA, got, 74);
	for (u32 i = 0; i < 74; i++) {
		assert_int_equal(got[i], i < 73 ? 7 : 0);
	}
}

#define BIG_TEST(f)  cmocka_unit_test_setup_teardown(f, setup_big, teardown_big)
#define VBLK_TEST(f) cmocka_unit_test_setup_teardown(f, setup, bus_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		VBLK_TEST(test_config),		VBLK_TEST(test_read_write),
		VBLK_TEST(test_bounds),		VBLK_TEST(test_used_length),
		VBLK_TEST(test_layouts),	VBLK_TEST(test_malformed),
		VBLK_TEST(test_huge),		VBLK_TEST(test_random),
		VBLK_TEST(test_entropy),	VBLK_TEST(test_read_only),
		BIG_TEST(test_parts),		BIG_TEST(test_parts_of_ring),
		BIG_TEST(test_parts_of_chains), BIG_TEST(test_parts_and_reset),
	};

	return cmocka_run_group_tests_name("vblk", tests, NULL, NULL);
}
