// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mm/memmap.c: one table row per rule, then random maps against a model that
 * knows no ranges, only an array of kilobytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "mm/memmap.h"

#define A	MEM_AVAILABLE
#define R	MEM_RESERVED
#define U	MEM_IN_USE
#define TOP	(~(u64)0)
#define GIB	((u64)1 << 30)
#define ROW_MAX 5

struct row {
	const char *rule;
	u64 limit;
	struct mem_range in[ROW_MAX];
	struct mem_range want[ROW_MAX];
};

static const struct row rows[] = {
	{ "nothing", TOP, { { 0 } }, { { 0 } } },
	{ "kept as it is",
	  TOP,
	  { { 0x1000, 0x3000, A } },
	  { { 0x1000, 0x3000, A } } },
	{ "sorted",
	  TOP,
	  { { 0x8000, 0x1000, A }, { 0x4000, 0x1000, R }, { 0, 0x1000, A } },
	  { { 0, 0x1000, A }, { 0x4000, 0x1000, R }, { 0x8000, 0x1000, A } } },
	{ "empty ranges vanish",
	  TOP,
	  { { 0x1000, 0, A }, { 0x5000, 0, R }, { 0x2000, 0x1000, A } },
	  { { 0x2000, 0x1000, A } } },
	{ "available shrinks",
	  TOP,
	  { { 0x1001, 0x2fff, A }, { 0x7000, 0x1fff, A } },
	  { { 0x2000, 0x2000, A }, { 0x7000, 0x1000, A } } },
	{ "available within one page vanishes",
	  TOP,
	  { { 0x1001, 0xffe, A }, { 0x3fff, 2, A } },
	  { { 0 } } },
	{ "others grow",
	  TOP,
	  { { 0x1fff, 2, R }, { 0x5001, 1, U } },
	  { { 0x1000, 0x2000, R }, { 0x5000, 0x1000, U } } },
	{ "neighbours of one kind merge",
	  TOP,
	  { { 0x2000, 0x1000, A }, { 0x1000, 0x1000, A }, { 0x3000, 1, R } },
	  { { 0x1000, 0x2000, A }, { 0x3000, 0x1000, R } } },
	{ "overlaps of one kind merge",
	  TOP,
	  { { 0x1000, 0x4000, A }, { 0x3000, 0x4000, A } },
	  { { 0x1000, 0x6000, A } } },
	{ "reserved splits available",
	  TOP,
	  { { 0, 0x9000, A }, { 0x4000, 0x1000, R } },
	  { { 0, 0x4000, A }, { 0x4000, 0x1000, R }, { 0x5000, 0x4000, A } } },
	{ "reserved first wins as well",
	  TOP,
	  { { 0x4000, 0x1000, R }, { 0x3000, 0x3000, A } },
	  { { 0x3000, 0x1000, A },
	    { 0x4000, 0x1000, R },
	    { 0x5000, 0x1000, A } } },
	{ "one reserved byte costs its page",
	  TOP,
	  { { 0x1000, 0x3000, A }, { 0x2800, 1, R } },
	  { { 0x1000, 0x1000, A },
	    { 0x2000, 0x1000, R },
	    { 0x3000, 0x1000, A } } },
	{ "in use is carved out",
	  TOP,
	  { { 0x100000, 0x10000, A }, { 0x101234, 0x1000, U } },
	  { { 0x100000, 0x1000, A },
	    { 0x101000, 0x2000, U },
	    { 0x103000, 0xd000, A } } },
	{ "in use first is carved out as well",
	  TOP,
	  { { 0x2000, 0x1000, U }, { 0x2000, 0x2000, A } },
	  { { 0x2000, 0x1000, U }, { 0x3000, 0x1000, A } } },
	{ "in use where nothing was said",
	  TOP,
	  { { 0x2000, 0x1000, U } },
	  { { 0x2000, 0x1000, U } } },
	{ "reserved beats in use",
	  TOP,
	  { { 0, 0x4000, A }, { 0x1000, 0x2000, U }, { 0x2000, 0x1000, R } },
	  { { 0, 0x1000, A },
	    { 0x1000, 0x1000, U },
	    { 0x2000, 0x1000, R },
	    { 0x3000, 0x1000, A } } },
	{ "above 4 GiB",
	  TOP,
	  { { 4 * GIB, GIB, A }, { 3 * GIB, GIB, R }, { 0, 3 * GIB, A } },
	  { { 0, 3 * GIB, A }, { 3 * GIB, GIB, R }, { 4 * GIB, GIB, A } } },
	{ "across 4 GiB",
	  TOP,
	  { { 4 * GIB - 0x1000, 0x2000, A }, { 4 * GIB, 1, R } },
	  { { 4 * GIB - 0x1000, 0x1000, A }, { 4 * GIB, 0x1000, R } } },
	{ "a wrap is clipped",
	  64 * GIB,
	  { { 63 * GIB, TOP, A }, { 0, 0x1000, A } },
	  { { 0, 0x1000, A }, { 63 * GIB, GIB, A } } },
	{ "a reserved wrap spares the bottom",
	  TOP,
	  { { 0, 0x2000, A }, { TOP - 0x1fff, TOP, R } },
	  { { 0, 0x2000, A }, { TOP - 0x1fff, 0x1000, R } } },
	{ "everything reserved",
	  TOP,
	  { { 0, TOP, R }, { 0x1000, 0x1000, A } },
	  { { 0, TOP - 0xfff, R } } },
	{ "the limit cuts all kinds",
	  0x8000,
	  { { 0, 0x4000, A }, { 0x4000, 0x8000, R }, { 0x9000, 0x1000, U } },
	  { { 0, 0x4000, A }, { 0x4000, 0x4000, R } } },
	{ "the limit inside a page",
	  0x2fff,
	  { { 0, 0x8000, A } },
	  { { 0, 0x2000, A } } },
	{ "limit zero", 0, { { 0, 0x8000, A }, { 0, 1, R } }, { { 0 } } },
};

static bool same(const struct mem_range *a, const struct mem_range *b)
{
	return a->base == b->base && a->len == b->len && a->kind == b->kind;
}

static void check_row(const struct row *row)
{
	static struct memmap m;
	u32 want = 0;
	bool ok = true;

	memset(&m, 0, sizeof(m));
	for (u32 i = 0; i < ROW_MAX; i++) {
		const struct mem_range *r = &row->in[i];

		memmap_add(&m, r->base, r->len, r->kind);
	}
	assert_int_equal(memmap_sanitise(&m, row->limit), 0);
	for (u32 i = 0; i < ROW_MAX && row->want[i].len != 0; i++) {
		ok = ok && i < m.count && same(&m.range[i], &row->want[i]);
		want++;
	}
	if (!ok || m.count != want || m.dropped != 0) {
		fail_msg("rule '%s'", row->rule);
	}
}

static void test_rules(void **state)
{
	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(rows); i++) {
		check_row(&rows[i]);
	}
}

static void test_add_never_wraps(void **state)
{
	static struct memmap m;

	(void)state;
	memset(&m, 0, sizeof(m));
	memmap_add(&m, TOP - 0xfff, 0x1001, R);
	memmap_add(&m, TOP, 1, R);
	memmap_add(&m, TOP - 1, 1, R);
	assert_int_equal(m.count, 2);
	assert_int_equal(m.range[0].base, TOP - 0xfff);
	assert_int_equal(m.range[0].len, 0xfff);
	assert_int_equal(m.range[1].len, 1);
}

/* Pieces may adjoin and overlap, in any order; other kinds cover nothing. */
static void test_covers(void **state)
{
	static struct memmap m;

	(void)state;
	memset(&m, 0, sizeof(m));
	memmap_add(&m, 0x5800, 0x1000, A);
	memmap_add(&m, 0x1000, 0x3000, A);
	memmap_add(&m, 0x3000, 0x2800, A);
	memmap_add(&m, 0x6800, 0x1000, U);
	memmap_add(&m, 0x8000, 0x1000, R);
	assert_true(memmap_covers(&m, 0x1000, 0x5800));
	assert_true(memmap_covers(&m, 0x57ff, 2));
	assert_true(memmap_covers(&m, 0xfff, 0));
	assert_false(memmap_covers(&m, 0xfff, 2));
	assert_false(memmap_covers(&m, 0x1000, 0x5801));
	assert_false(memmap_covers(&m, 0x6800, 1));
	assert_false(memmap_covers(&m, 0x8000, 1));
	memset(&m, 0, sizeof(m));
	memmap_add(&m, 0, TOP, A);
	assert_true(memmap_covers(&m, 0, TOP));
}

/* What does not fit may be RAM, but never knowledge about RAM. */
static void test_full(void **state)
{
	static struct memmap m;

	(void)state;
	memset(&m, 0, sizeof(m));
	for (u32 i = 0; i < MEMMAP_MAX; i++) {
		memmap_add(&m, i * 0x2000, 0x1000, A);
	}
	assert_int_equal(m.count, MEMMAP_MAX);
	assert_int_equal(m.dropped, 0);
	assert_true(memmap_add(&m, 0, 0, R));
	assert_int_equal(m.dropped, 0);
	assert_false(memmap_add(&m, 0x1000000, 0x1000, A));
	assert_int_equal(m.dropped, 1);
	assert_int_equal(memmap_sanitise(&m, TOP), 0);
	assert_int_equal(m.count, MEMMAP_MAX);
	assert_int_equal(m.dropped, 1);
	assert_false(memmap_add(&m, 0x1000000, 0x1000, R));
	assert_int_equal(m.dropped, 2);
	assert_int_equal(memmap_sanitise(&m, TOP), -1);
	/* Once unsafe, always unsafe. */
	assert_int_equal(memmap_sanitise(&m, 0x1000), -1);
}

/* Fewer ranges than MEMMAP_MAX may have more pieces than MEMMAP_MAX. */
static void check_pieces(enum mem_kind inside, int verdict, u32 dropped)
{
	static struct memmap m;

	memset(&m, 0, sizeof(m));
	memmap_add(&m, 0, 0x1000000, A);
	for (u32 i = 0; i < MEMMAP_MAX / 2; i++) {
		memmap_add(&m, i * 0x2000, 0x1000, inside);
	}
	assert_int_equal(memmap_sanitise(&m, TOP), 0);
	assert_int_equal(m.count, MEMMAP_MAX);
	memset(&m, 0, sizeof(m));
	memmap_add(&m, 0, 0x1000000, A);
	for (u32 i = 0; i <= MEMMAP_MAX / 2; i++) {
		memmap_add(&m, i * 0x2000, 0x1000, inside);
	}
	assert_int_equal(memmap_sanitise(&m, TOP), verdict);
	assert_int_equal(m.count, MEMMAP_MAX);
	assert_int_equal(m.dropped, dropped);
}

static void test_pieces(void **state)
{
	(void)state;
	check_pieces(R, -1, 2);
	check_pieces(U, -1, 2);
}

static void test_is(void **state)
{
	static struct memmap m;

	(void)state;
	memset(&m, 0, sizeof(m));
	memmap_add(&m, 0x1000, 0x2000, U);
	memmap_add(&m, 0x3000, 0x1000, A);
	assert_int_equal(memmap_sanitise(&m, TOP), 0);
	assert_true(memmap_is(&m, 0x1000, 0x2000, U));
	assert_true(memmap_is(&m, 0x2fff, 1, U));
	assert_false(memmap_is(&m, 0xfff, 1, U));
	assert_false(memmap_is(&m, 0x2fff, 2, U));
	assert_false(memmap_is(&m, 0x2fff, 2, A));
	assert_false(memmap_is(&m, 0x1000, TOP, U));
	assert_false(memmap_is(&m, TOP, 2, A));
	assert_true(memmap_is(&m, 0x3001, 0xfff, A));
}

/* --- the model: a window of pages, four kilobytes each ------------------- */

#define PAGES	    96
#define KBS	    (PAGES * 4)
#define NOBODY	    9
#define FUZZ_ROUNDS 20000
#define FUZZ_RANGES 24

static u64 seed;

static u32 rnd(u32 below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (u32)(seed >> 33) % below;
}

struct model {
	u64 window; /* address of page 0 */
	u8 page[PAGES];
};

/* A stronger claim replaces a weaker one; NOBODY is the weakest. */
static u32 strength(u8 kind)
{
	return kind == R ? 3 : kind == U ? 2 : kind == A ? 1 : 0;
}

/* Claim kilobytes [first, first + count) of the window. */
static void model_claim(struct model *w, u32 first, u32 count, u8 kind)
{
	for (u32 p = 0; p < PAGES; p++) {
		u32 hit = 0;

		for (u32 kb = 4 * p; kb < 4 * p + 4; kb++) {
			hit += kb >= first && kb < first + count;
		}
		if ((kind == A ? hit == 4 : hit != 0) &&
		    strength(kind) > strength(w->page[p])) {
			w->page[p] = kind;
		}
	}
}

static void model_cut(struct model *w, u32 first_page)
{
	for (u32 p = first_page; p < PAGES; p++) {
		w->page[p] = NOBODY;
	}
}

/* The form promised at struct memmap. */
static void check_form(const struct memmap *m)
{
	for (u32 i = 0; i < m->count; i++) {
		const struct mem_range *r = &m->range[i];

		assert_int_equal(r->base & PAGE_MASK, 0);
		assert_int_equal(r->len & PAGE_MASK, 0);
		assert_int_not_equal(r->len, 0);
		assert_true(r->base + r->len > r->base);
		if (i != 0) {
			const struct mem_range *before = r - 1;
			u64 end = before->base + before->len;

			assert_true(end <= r->base);
			assert_false(end == r->base && before->kind == r->kind);
		}
	}
}

static u64 total_of(const struct memmap *m, enum mem_kind kind)
{
	u64 total = 0;

	for (u32 i = 0; i < m->count; i++) {
		if (m->range[i].kind == kind) {
			total += m->range[i].len;
		}
	}
	return total;
}

static void check_model(const struct memmap *m, const struct model *w)
{
	u64 total[3] = { 0 };

	for (u32 p = 0; p < PAGES; p++) {
		u64 addr = w->window + p * (u64)PAGE_SIZE;
		u8 got = NOBODY;

		for (u32 i = 0; i < m->count; i++) {
			if (addr >= m->range[i].base &&
			    addr - m->range[i].base < m->range[i].len) {
				got = (u8)m->range[i].kind;
			}
		}
		assert_int_equal(got, w->page[p]);
		if (got != NOBODY) {
			total[got] += PAGE_SIZE;
		}
	}
	/* Nothing outside the window either. */
	assert_int_equal(total_of(m, A), total[A]);
	assert_int_equal(total_of(m, R), total[R]);
	assert_int_equal(total_of(m, U), total[U]);
}

static void fuzz_once(struct memmap *m, struct model *w)
{
	static const u8 kinds[] = { A, A, A, R, U };
	u32 ranges = rnd(FUZZ_RANGES);
	u32 limit = rnd(4) ? PAGES : rnd(PAGES);

	memset(m, 0, sizeof(*m));
	memset(w->page, NOBODY, sizeof(w->page));
	for (u32 i = 0; i < ranges; i++) {
		u32 first = rnd(KBS);
		u32 count = rnd(rnd(4) ? 20 : KBS - first + 1);
		u8 kind = kinds[rnd(ARRAY_SIZE(kinds))];

		if (count > KBS - first) {
			count = KBS - first;
		}
		memmap_add(m, w->window + first * 1024, count * 1024, kind);
		model_claim(w, first, count, kind);
	}
	model_cut(w, limit);
	assert_int_equal(
		memmap_sanitise(m, w->window + limit * 4096 + rnd(4096)), 0);
	check_form(m);
	check_model(m, w);
}

static void test_against_model(void **state)
{
	static const u64 windows[] = { 0, 0x100000, 4 * GIB - 48 * 4096,
				       TOP - (PAGES + 1) * 4096 + 1 };
	static struct memmap m, before;
	static struct model w;

	(void)state;
	seed = 1;
	for (u32 i = 0; i < FUZZ_ROUNDS; i++) {
		w.window = windows[i % ARRAY_SIZE(windows)];
		fuzz_once(&m, &w);
		/* What is sanitised stays as it is. */
		before = m;
		assert_int_equal(memmap_sanitise(&m, TOP), 0);
		assert_int_equal(m.count, before.count);
		for (u32 k = 0; k < m.count; k++) {
			assert_true(same(&m.range[k], &before.range[k]));
		}
	}
}

/* Any 64-bit numbers at all: only the form can be checked, and safety. */
static void test_wild_numbers(void **state)
{
	static struct memmap m, in;

	(void)state;
	seed = 2;
	for (u32 round = 0; round < 2000; round++) {
		memset(&m, 0, sizeof(m));
		for (u32 i = 0; i < 40; i++) {
			u64 base = ((u64)rnd(1u << 31) << 33) | rnd(1u << 31);
			u64 len = ((u64)rnd(1u << 31) << 33) | rnd(1u << 31);

			memmap_add(&m, base >> rnd(64), len >> rnd(64),
				   (enum mem_kind)rnd(3));
		}
		in = m;
		assert_int_equal(memmap_sanitise(&m, TOP >> rnd(64)), 0);
		check_form(&m);
		for (u32 i = 0; i < in.count * m.count; i++) {
			const struct mem_range *a = &in.range[i / m.count];
			const struct mem_range *b = &m.range[i % m.count];

			/* Apart, unless an AVAILABLE range holds no other. */
			assert_true(a->kind == A || b->kind != A ||
				    a->base >= b->base + b->len ||
				    b->base >= a->base + a->len);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_add_never_wraps),
		cmocka_unit_test(test_covers),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_is),
		cmocka_unit_test(test_against_model),
		cmocka_unit_test(test_wild_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
