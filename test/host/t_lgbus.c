/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bus of kernels up to 3.19: the page as those kernels read it, the steps
 * of a driver, and a guest that writes and announces nonsense.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "test/host/bus.h"

#define PAGE_GFN 40u
#define PAGE	 (PAGE_GFN * 4096u)
#define DATA	 0x10000u
#define ROUNDS	 100000

/* A descriptor, as a kernel finds it by walking the page. */
struct found {
	u64 at;
	u8 type, queues, feature_len, config_len;
	u64 features, accepted, config;
	struct ring ring[2];
	u32 line[2];
};

static u8 mem_get8(u64 gpa)
{
	u8 v;

	mem_get(gpa, &v, 1);
	return v;
}

static void read_queue(struct found *f, u32 q)
{
	u64 at = f->at + 5 + 8 * q;

	assert_int_equal(mem_get16(at), 256);
	f->line[q] = mem_get16(at + 2);
	f->ring[q] = (struct ring){ .num = 256,
				    .desc = (u64)mem_get32(at + 4) * 4096 };
	f->ring[q].avail = f->ring[q].desc + 4096;
	f->ring[q].used = f->ring[q].desc + 8192;
}

/* The descriptor of @type; the page ends with type 0. */
static struct found find(u8 type)
{
	struct found f = { .at = PAGE };

	while (mem_get8(f.at) != type) {
		assert_int_not_equal(mem_get8(f.at), 0);
		f.at += 5u + 8u * mem_get8(f.at + 1) + 2u * mem_get8(f.at + 2) +
			mem_get8(f.at + 3);
	}
	f.type = type;
	f.queues = mem_get8(f.at + 1);
	f.feature_len = mem_get8(f.at + 2);
	f.config_len = mem_get8(f.at + 3);
	f.features = f.at + 5 + 8u * f.queues;
	f.accepted = f.features + f.feature_len;
	f.config = f.accepted + f.feature_len;
	for (u32 q = 0; q < f.queues; q++) {
		read_queue(&f, q);
	}
	return f;
}

static int setup(void **state)
{
	bus_setup(state);
	devices_use_old_bus(&bus.devices, mk_gfn(PAGE_GFN));
	return 0;
}

static void set_desc_status(const struct found *f, u8 status, bool is_told)
{
	mem_put(f->at + 4, &status, 1);
	if (is_told) {
		bus_notify(f->at);
	}
}

static void start(const struct found *f)
{
	set_desc_status(f, 0, true);
	set_desc_status(f, 1, false);
	set_desc_status(f, 3, false);
	set_desc_status(f, 3, true);
	set_desc_status(f, 7, false);
}

static void kick(const struct found *f, u32 q)
{
	bus_notify(f->ring[q].desc);
}

static void test_page(void **state)
{
	struct found console = find(3), rng = find(4), disk = find(2);

	(void)state;
	assert_int_equal(console.at, PAGE);
	assert_int_equal(console.queues, 2);
	assert_int_equal(console.feature_len, 0);
	assert_int_equal(console.config_len, 0);
	assert_int_equal(console.line[0], 1);
	assert_int_equal(console.line[1], 2);
	assert_int_equal(rng.queues, 1);
	assert_int_equal(rng.line[0], 3);
	assert_int_equal(disk.queues, 1);
	assert_int_equal(disk.line[0], 4);
	assert_int_equal(disk.config_len, 16);
	assert_int_equal(mem_get16(disk.features), 0x204);
	assert_int_equal(mem_get32(disk.config), 9);
	assert_int_equal(mem_get32(disk.config + 12), 254);
	assert_int_equal(console.ring[0].desc, PAGE + 4096);
	assert_int_equal(console.ring[1].desc, PAGE + 4 * 4096);
	assert_int_equal(rng.ring[0].desc, PAGE + 7 * 4096);
	assert_int_equal(disk.ring[0].desc, PAGE + 10 * 4096);
	assert_int_equal(lgbus_frames(4), 13);
}

static void test_console(void **state)
{
	struct found f = find(3);
	struct ring *in = &f.ring[0], *out = &f.ring[1];
	u32 id, len;

	(void)state;
	start(&f);
	mem_put(DATA, "out", 3);
	ring_desc(out, 9, DATA, 3, 0, 0);
	ring_offer(out, 9);
	kick(&f, 1);
	assert_string_equal(bus.printed, "out");
	assert_true(ring_done(out, &id, &len));
	assert_int_equal(bus.virq.pending, 1 << 2);
	ring_desc(in, 0, DATA, 100, D_WRITE, 0);
	ring_offer(in, 0);
	kick(&f, 0);
	assert_false(ring_done(in, &id, &len));
	bus_type("k");
	assert_true(ring_done(in, &id, &len));
	assert_int_equal(len, 1);
	assert_int_equal(bus.virq.pending, 1 << 2 | 1 << 1);
	/* Failed, or reset: rings are zero, nothing is served. */
	set_desc_status(&f, 0x87, true);
	assert_int_equal(mem_get16(out->used + 2), 0);
	assert_int_equal(mem_get16(out->avail + 2), 0);
	mem_put16(out->avail + 2, 1);
	kick(&f, 1);
	assert_string_equal(bus.printed, "out");
}

static void test_disk(void **state)
{
	struct found f = find(2);
	const u32 header[4] = { 0, 0, 1, 0 };
	const u32 accepted = 0xffff;
	u8 got[513];

	(void)state;
	set_desc_status(&f, 0, true);
	mem_put(f.accepted, &accepted, 4);
	set_desc_status(&f, 3, true);
	assert_int_equal(bus.disk.dev.features, 0x204);
	mem_put(DATA, header, sizeof(header));
	ring_desc(&f.ring[0], 0, DATA, 16, D_NEXT, 1);
	ring_desc(&f.ring[0], 1, DATA + 16, 513, D_WRITE, 0);
	ring_offer(&f.ring[0], 0);
	kick(&f, 0);
	mem_get(DATA + 16, got, 513);
	assert_memory_equal(got, bus.bytes + 512, 512);
	assert_int_equal(got[512], 0);
	assert_int_equal(bus.virq.pending, 1 << 4);
	set_desc_status(&f, 0, true);
	assert_int_equal(mem_get32(f.accepted), 0);
}

static void test_read_only_disk(void **state)
{
	const u32 header[4] = { 1, 0, 1, 0 };
	const u32 accepted = 0xffff;
	struct found f;
	u8 before[512];
	u8 status;

	(void)state;
	bus.store.is_read_only = true;
	bus_reset();
	devices_use_old_bus(&bus.devices, mk_gfn(PAGE_GFN));
	f = find(2);
	assert_int_equal(mem_get32(f.features), 0x224);
	set_desc_status(&f, 0, true);
	mem_put(f.accepted, &accepted, 4);
	set_desc_status(&f, 3, true);
	assert_int_equal(bus.disk.dev.features, 0x224);
	memcpy(before, bus.bytes + 512, sizeof(before));
	mem_put(DATA, header, sizeof(header));
	ring_desc(&f.ring[0], 0, DATA, 16 + 512, D_NEXT, 1);
	ring_desc(&f.ring[0], 1, DATA + 1024, 1, D_WRITE, 0);
	ring_offer(&f.ring[0], 0);
	kick(&f, 0);
	mem_get(DATA + 1024, &status, 1);
	assert_int_equal(status, 1);
	assert_memory_equal(bus.bytes + 512, before, sizeof(before));
	assert_int_equal(bus.disk.refused, 1);
}

static void test_text(void **state)
{
	(void)state;
	mem_put(DATA, "early\n", 7);
	bus_notify(DATA);
	assert_string_equal(bus.printed, "early\n");
	assert_int_equal(bus.writes, 1);
	/* Up to the end of memory, and from beyond it. */
	mem_put(BUS_RAM - 2, "ab", 2);
	bus_notify(BUS_RAM - 2);
	bus_notify(BUS_RAM);
	bus_notify(0xffffffff);
	assert_string_equal(bus.printed, "early\nab");
}

/* A queue of a device that was not started is no text either. */
static void test_not_started(void **state)
{
	struct found f = find(3);

	(void)state;
	mem_put(f.ring[1].desc, "no text", 8);
	kick(&f, 1);
	assert_string_equal(bus.printed, "");
	start(&f);
	set_desc_status(&f, 3, true);
	assert_true(bus.console.dev.is_live);
}

/* The other bus is not there. */
static void test_no_pci(void **state)
{
	struct io_access a = { 4, true, 0x80000800 };

	(void)state;
	assert_int_equal(devices_io(&bus.devices, 0xcf8, &a), IO_UNHANDLED);
	a.is_write = false;
	assert_int_equal(devices_mmio(&bus.devices, mk_gpa(BUS_RAM + 0x100000),
				      &a),
			 IO_UNHANDLED);
	assert_int_equal(a.value, 0x80000800);
}

static void test_noise(void **state)
{
	u32 rng = 77;

	(void)state;
	for (u32 i = 0; i < ROUNDS; i++) {
		u32 at;

		rng = rng * 1664525u + 1013904223u;
		at = (rng >> 8) % (BUS_RAM - PAGE - 4);
		if (rng & 0x80) {
			at %= 80;
		}
		mem_put(PAGE + at, &rng, 1 + (rng >> 30));
		rng = rng * 1664525u + 1013904223u;
		at = PAGE + (rng >> 8) % 14 * 4096;
		if (rng & 0x80) {
			at = PAGE + (rng >> 8) % 70;
		}
		bus_notify(at);
		if (i % 64 == 0) {
			bus_type("n");
		}
	}
}

#define LGBUS_TEST(f) cmocka_unit_test_setup_teardown(f, setup, bus_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		LGBUS_TEST(test_page),	      LGBUS_TEST(test_console),
		LGBUS_TEST(test_disk),	      LGBUS_TEST(test_text),
		LGBUS_TEST(test_not_started), LGBUS_TEST(test_no_pci),
		LGBUS_TEST(test_noise),	      LGBUS_TEST(test_read_only_disk),
	};

	return cmocka_run_group_tests_name("lgbus", tests, NULL, NULL);
}
