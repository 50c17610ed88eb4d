/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtqueue engine: what a driver may do, each thing it may not, and
 * rings of random bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hv/dev/virtq.h"
#include "test/host/driver.h"

#define FRAMES 32
#define RAM    ((u64)FRAMES * PAGE_SIZE)
#define RINGS  0x4000u
#define DATA   0x8000u

#define HOSTILE_ROUNDS 3000

static struct virtq q;
static struct ring r;

static void start(u16 num)
{
	driver_memory_init(FRAMES);
	r = ring_at(RINGS, num);
	virtq_reset(&q, &mem.p2m);
	assert_int_equal(q.num, VIRTQ_NUM_MAX);
	q.num = num;
	q.desc = mk_gpa(r.desc);
	q.avail = mk_gpa(r.avail);
	q.used = mk_gpa(r.used);
}

static int setup(void **state)
{
	(void)state;
	start(8);
	assert_int_equal(virtq_enable(&q), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	driver_memory_free();
	return 0;
}

static void test_one(void **state)
{
	struct virtq_chain c;
	char text[16] = "";
	u32 id, len;

	(void)state;
	assert_false(virtq_pop(&q, &c));
	mem_put(DATA, "hello", 5);
	mem_put(DATA + 0x100, " ring", 5);
	ring_desc(&r, 3, DATA, 5, D_NEXT, 1);
	ring_desc(&r, 1, DATA + 0x100, 5, D_NEXT, 6);
	ring_desc(&r, 6, DATA + 0x200, 0, D_NEXT, 2);
	ring_desc(&r, 2, DATA + 0x300, 4, D_WRITE | D_NEXT, 0);
	ring_desc(&r, 0, DATA + 0x400, 100, D_WRITE, 3);
	ring_offer(&r, 3);
	assert_true(virtq_pop(&q, &c));
	assert_int_equal(virtq_read(&c, text, sizeof(text)), 10);
	assert_string_equal(text, "hello ring");
	assert_int_equal(virtq_write(&c, "worldly", 7), 7);
	assert_false(ring_done(&r, &id, &len));
	virtq_push(&c, 7);
	assert_true(ring_done(&r, &id, &len));
	assert_int_equal(id, 3);
	assert_int_equal(len, 7);
	mem_get(DATA + 0x300, text, 4);
	mem_get(DATA + 0x400, text + 4, 3);
	assert_memory_equal(text, "worldly", 7);
	assert_false(virtq_pop(&q, &c));
	assert_false(q.is_broken);
}

/* Counters wrap at 2^16, rings at num. */
static void test_wrap(void **state)
{
	struct virtq_chain c;
	u32 id, len;

	(void)state;
	for (u32 i = 0; i < 70000; i++) {
		ring_desc(&r, i % 8, DATA, 4, 0, 0);
		ring_offer(&r, i % 8);
		assert_true(virtq_pop(&q, &c));
		assert_int_equal(c.head, i % 8);
		virtq_undo(&c);
		assert_true(virtq_pop(&q, &c));
		virtq_push(&c, i);
		assert_true(ring_done(&r, &id, &len));
		assert_int_equal(id, i % 8);
		assert_int_equal(len, i);
	}
}

static void test_pieces(void **state)
{
	struct virtq_chain c;
	struct virtq_piece p;

	(void)state;
	ring_desc(&r, 0, DATA, 10, D_NEXT, 1);
	ring_desc(&r, 1, DATA + 0x100, 6, D_WRITE, 0);
	ring_offer(&r, 0);
	assert_true(virtq_pop(&q, &c));
	assert_true(virtq_piece(&c, false, 8, &p));
	assert_int_equal(p.len, 8);
	assert_false(p.is_last);
	assert_false(virtq_piece(&c, false, 0, &p));
	/* What is left of the first part may be skipped. */
	assert_true(virtq_piece(&c, true, 4, &p));
	assert_true(gpa_raw(p.at) == DATA + 0x100);
	assert_false(p.is_last);
	assert_false(virtq_piece(&c, false, 4, &p));
	assert_true(virtq_piece(&c, true, 4, &p));
	assert_int_equal(p.len, 2);
	assert_true(p.is_last);
	assert_false(virtq_piece(&c, true, 4, &p));
	assert_false(q.is_broken);
}

static void test_interrupts(void **state)
{
	(void)state;
	assert_true(virtq_wants_interrupt(&q));
	mem_put16(r.avail, 1);
	assert_false(virtq_wants_interrupt(&q));
	mem_put16(r.avail, 0xfffe);
	assert_true(virtq_wants_interrupt(&q));
}

struct place {
	u64 desc, avail, used;
	bool is_fine;
};

static void test_places(void **state)
{
	static const struct place places[] = {
		{ 0, 0x80, 0x100, true },
		{ RAM - 128, 0x80, 0x100, true },
		{ 0x1000, RAM - 22, 0x100, true },
		{ 0x1000, 0x80, RAM - 70 - 2, true },
		{ 8, 0x80, 0x100, false },
		{ 0, 0x81, 0x100, false },
		{ 0, 0x80, 0x102, false },
		{ RAM - 112, 0x80, 0x100, false },
		{ 0, RAM - 20, 0x100, false },
		{ 0, 0x80, RAM - 68, false },
		{ 1ull << 32, 0x80, 0x100, false },
		{ 0, 1ull << 63, 0x100, false },
		{ ~0xfull, 0x80, 0x100, false },
	};

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(places); i++) {
		virtq_reset(&q, &mem.p2m);
		q.num = 8;
		q.desc = mk_gpa(places[i].desc);
		q.avail = mk_gpa(places[i].avail);
		q.used = mk_gpa(places[i].used);
		assert_int_equal(virtq_enable(&q), places[i].is_fine ? 0 : -1);
		assert_int_equal(q.is_enabled, places[i].is_fine);
	}
}

/* Consume whatever a chain offers; returns descriptors' worth of pieces. */
static u32 consume(struct virtq_chain *c)
{
	struct virtq_piece p;
	u32 n = 0;

	while (virtq_piece(c, false, ~0u, &p) ||
	       virtq_piece(c, true, ~0u, &p)) {
		assert_true(gaccess_is_ram(&mem.p2m, p.at, p.len));
		assert_int_not_equal(p.len, 0);
		n++;
		assert_in_range(n, 1, q.num);
	}
	return n;
}

static void must_break(void)
{
	struct virtq_chain c;

	ring_offer(&r, 0);
	if (virtq_pop(&q, &c)) {
		consume(&c);
		virtq_push(&c, 0);
	}
	assert_true(q.is_broken);
	assert_int_equal(mem_get16(r.used + 2), 0);
	assert_false(virtq_pop(&q, &c));
}

static void test_loop(void **state)
{
	(void)state;
	for (u32 i = 0; i < 8; i++) {
		ring_desc(&r, i, DATA, 4, D_NEXT, (i + 1) % 8);
	}
	must_break();
}

static void test_self_loop(void **state)
{
	(void)state;
	ring_desc(&r, 0, DATA, 0, D_NEXT, 0);
	must_break();
}

static void test_longest(void **state)
{
	struct virtq_chain c;

	(void)state;
	for (u32 i = 0; i < 8; i++) {
		ring_desc(&r, i, DATA, 4, i < 7 ? D_NEXT : 0, i + 1);
	}
	ring_offer(&r, 0);
	assert_true(virtq_pop(&q, &c));
	assert_int_equal(consume(&c), 8);
	assert_false(q.is_broken);
}

static void test_bad_next(void **state)
{
	(void)state;
	ring_desc(&r, 0, DATA, 4, D_NEXT, 8);
	must_break();
}

static void test_bad_head(void **state)
{
	struct virtq_chain c;

	(void)state;
	ring_offer(&r, 8);
	assert_false(virtq_pop(&q, &c));
	assert_true(q.is_broken);
}

static void test_bad_buffer(void **state)
{
	(void)state;
	ring_desc(&r, 0, RAM - 3, 4, 0, 0);
	must_break();
}

static void test_bad_wrap(void **state)
{
	(void)state;
	ring_desc(&r, 0, ~0ull - 1, 4, 0, 0);
	must_break();
}

static void test_indirect(void **state)
{
	(void)state;
	ring_desc(&r, 0, DATA, 16, D_INDIRECT, 0);
	must_break();
}

static void test_disorder(void **state)
{
	(void)state;
	ring_desc(&r, 0, DATA, 4, D_WRITE | D_NEXT, 1);
	ring_desc(&r, 1, DATA, 4, 0, 0);
	must_break();
}

static void test_too_many(void **state)
{
	struct virtq_chain c;

	(void)state;
	ring_desc(&r, 0, DATA, 4, 0, 0);
	mem_put16(r.avail + 2, 9);
	assert_false(virtq_pop(&q, &c));
	assert_true(q.is_broken);
}

/* Buffers that are the rings themselves. */
static void test_own_ring(void **state)
{
	struct virtq_chain c;
	u8 junk[64];

	(void)state;
	memset(junk, 0xff, sizeof(junk));
	ring_desc(&r, 0, r.desc, 64, D_WRITE | D_NEXT, 1);
	ring_offer(&r, 0);
	assert_true(virtq_pop(&q, &c));
	virtq_write(&c, junk, 64);
	consume(&c);
	virtq_push(&c, 64);
}

static u32 rng = 99;

static u32 rnd(u32 n)
{
	rng = rng * 1664525u + 1013904223u;
	return (rng >> 8) % n;
}

/* Half sense, half noise, changed while it is served. */
static void scribble(void)
{
	for (u32 n = rnd(20); n > 0; n--) {
		u8 byte = (u8)rnd(256);

		mem_put(RINGS + rnd(0x1100), &byte, 1);
	}
	for (u32 n = rnd(6); n > 0; n--) {
		ring_desc(&r, rnd(8), rnd(3) ? rnd((u32)RAM) : rng * 77ull,
			  rnd(4) ? rnd(0x3000) : rng, rnd(8), rnd(9));
	}
}

static void test_hostile(void **state)
{
	u32 served = 0;

	(void)state;
	for (u32 i = 0; i < HOSTILE_ROUNDS; i++) {
		struct virtq_chain c;
		u8 bytes[300];

		virtq_reset(&q, &mem.p2m);
		q.num = 8;
		q.desc = mk_gpa(r.desc);
		q.avail = mk_gpa(r.avail);
		q.used = mk_gpa(r.used);
		assert_int_equal(virtq_enable(&q), 0);
		mem_put16(r.avail + 2, 0);
		r.made = 0;
		scribble();
		for (u32 n = rnd(9); n > 0; n--) {
			ring_offer(&r, rnd(8));
		}
		for (u32 n = 0; n < 8 && virtq_pop(&q, &c); n++) {
			virtq_read(&c, bytes, rnd(sizeof(bytes)));
			scribble();
			virtq_write(&c, bytes, rnd(sizeof(bytes)));
			consume(&c);
			virtq_push(&c, rnd(1000));
			served++;
		}
	}
	assert_true(served > HOSTILE_ROUNDS / 10);
}

#define VIRTQ_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		VIRTQ_TEST(test_one),	     VIRTQ_TEST(test_wrap),
		VIRTQ_TEST(test_pieces),     VIRTQ_TEST(test_interrupts),
		VIRTQ_TEST(test_places),     VIRTQ_TEST(test_loop),
		VIRTQ_TEST(test_self_loop),  VIRTQ_TEST(test_longest),
		VIRTQ_TEST(test_bad_next),   VIRTQ_TEST(test_bad_head),
		VIRTQ_TEST(test_bad_buffer), VIRTQ_TEST(test_bad_wrap),
		VIRTQ_TEST(test_indirect),   VIRTQ_TEST(test_disorder),
		VIRTQ_TEST(test_too_many),   VIRTQ_TEST(test_own_ring),
		VIRTQ_TEST(test_hostile),
	};

	return cmocka_run_group_tests_name("virtq", tests, NULL, NULL);
}
