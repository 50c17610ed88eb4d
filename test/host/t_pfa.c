/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page-frame allocator against a model that knows only one owner per frame.
 * The model has no lists and no orders, so it shares no idea with the code;
 * it can still tell when an allocation must succeed: when some aligned run of
 * free frames exists in the zone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "mm/pfa.h"
#include "hv/lib/panic.h"

#define FRAMES	  9000u
#define LOW_LIMIT 3333u /* deliberately not on a block border */
#define STEPS	  6000
#define BLOCKS	  512

/* --- panic() that can be survived ---------------------------------------- */

static jmp_buf panic_jump;
static bool panic_expected;
static char panic_text[200];
static mfn_t ignored; /* a result that never comes */

void panic(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(panic_text, sizeof(panic_text), fmt, ap);
	va_end(ap);
	if (!panic_expected) {
		fprintf(stderr, "unexpected panic: %s\n", panic_text);
		abort();
	}
	longjmp(panic_jump, 1);
}

/* The statement must panic with a text that contains @part. */
#define ASSERT_PANICS(part, statement)                          \
	do {                                                    \
		panic_expected = true;                          \
		panic_text[0] = 0;                              \
		if (!setjmp(panic_jump)) {                      \
			statement;                              \
			fail_msg("no panic");                   \
		}                                               \
		panic_expected = false;                         \
		if (!strstr(panic_text, part)) {                \
			fail_msg("panic text: %s", panic_text); \
		}                                               \
	} while (0)

/* --- the machine under test ---------------------------------------------- */

static struct pfa pfa;
static void *table;
static enum frame_owner model[FRAMES];
static u32 rng = 12345;

static u32 rnd(u32 n)
{
	rng = rng * 1664525u + 1013904223u;
	return (rng >> 8) % n;
}

struct frames {
	u32 from, to;
	enum mem_kind kind;
};

/* Frame 0 available, holes, reserved, in use, and a piece beyond the table. */
static const struct frames layout[] = {
	{ 0, 159, MEM_AVAILABLE },	  { 159, 256, MEM_RESERVED },
	{ 256, 700, MEM_IN_USE },	  { 700, 5000, MEM_AVAILABLE },
	{ 5001, 5002, MEM_AVAILABLE },	  { 5120, 8000, MEM_AVAILABLE },
	{ 8000, 8011, MEM_IN_USE },	  { 8011, FRAMES + 7, MEM_AVAILABLE },
	{ 99999, 100009, MEM_AVAILABLE },
};

static enum frame_owner owner_at_start(u32 f)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(layout); i++) {
		if (f < layout[i].from || f >= layout[i].to) {
			continue;
		}
		switch (layout[i].kind) {
		case MEM_AVAILABLE:
			return f ? FRAME_FREE : FRAME_NONE;
		case MEM_IN_USE:
			return FRAME_HV;
		case MEM_RESERVED:
			return FRAME_NONE;
		}
	}
	return FRAME_NONE;
}

static void setup_pfa(u32 low_limit)
{
	static struct memmap map;
	size_t i;
	u32 f;

	map.count = 0;
	for (i = 0; i < ARRAY_SIZE(layout); i++) {
		map.range[map.count++] = (struct mem_range){
			.base = (u64)layout[i].from << PAGE_SHIFT,
			.len = (u64)(layout[i].to - layout[i].from)
			       << PAGE_SHIFT,
			.kind = layout[i].kind,
		};
	}
	map.range[map.count] = (struct mem_range){
		.base = 5000 << PAGE_SHIFT, /* not part of the map */
		.len = PAGE_SIZE,
		.kind = MEM_AVAILABLE,
	};
	memset(&pfa, 0x5a, sizeof(pfa));
	table = malloc(pfa_table_size(FRAMES)); /* exact: ASan sees the end */
	assert_non_null(table);
	memset(table, 0xa5, pfa_table_size(FRAMES));
	pfa_init(&pfa, table, FRAMES, low_limit, &map);
	for (f = 0; f < FRAMES; f++) {
		model[f] = owner_at_start(f);
	}
}

static int setup(void **state)
{
	(void)state;
	setup_pfa(LOW_LIMIT);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(table);
	return 0;
}

/* --- the model ----------------------------------------------------------- */

static void model_set(u32 f, u32 n, enum frame_owner owner)
{
	while (n--) {
		model[f++] = owner;
	}
}

static bool model_all(u32 f, u32 n, enum frame_owner owner)
{
	while (n--) {
		if (model[f++] != owner) {
			return false;
		}
	}
	return true;
}

/* Could 2^order frames be had in [from, to)? */
static bool model_can(u32 from, u32 to, u32 order)
{
	u32 n = 1u << order;
	u32 f;

	for (f = (from + n - 1) / n * n; f + n <= to; f += n) {
		if (model_all(f, n, FRAME_FREE)) {
			return true;
		}
	}
	return false;
}

static void compare(void)
{
	u32 count[FRAME_OWNERS] = { 0 };
	u32 low[FRAME_OWNERS] = { 0 };
	u32 f, o;

	for (f = 0; f < FRAMES; f++) {
		assert_int_equal(pfa_owner(&pfa, mk_mfn(f)), model[f]);
		count[model[f]]++;
		low[model[f]] += f < LOW_LIMIT;
	}
	for (o = 0; o < FRAME_OWNERS; o++) {
		assert_int_equal(pfa_count(&pfa, o), count[o]);
		assert_int_equal(pfa_count_low(&pfa, o), low[o]);
	}
}

/* Allocate and check everything the contract says about the result. */
static mfn_t checked_alloc(u32 order, enum pfa_zone zone,
			   enum frame_owner owner)
{
	bool low = model_can(0, LOW_LIMIT, order);
	bool high = model_can(LOW_LIMIT, FRAMES, order);
	bool want_high = zone == PFA_HIGH ? high : !low;
	mfn_t m = pfa_alloc(&pfa, order, zone, owner);
	u32 n = 1u << order;
	u32 f = mfn_raw(m);

	if (!low && (zone == PFA_LOW || !high)) {
		assert_true(mfn_eq(m, INVALID_mfn));
		return m;
	}
	assert_false(mfn_eq(m, INVALID_mfn));
	assert_int_equal(f % n, 0);
	assert_true(f + n <= FRAMES);
	assert_int_equal(f >= LOW_LIMIT, want_high);
	assert_true(f >= LOW_LIMIT || f + n <= LOW_LIMIT);
	assert_true(model_all(f, n, FRAME_FREE));
	model_set(f, n, owner);
	return m;
}

static void checked_free(u32 f, u32 order, enum frame_owner owner)
{
	pfa_free(&pfa, mk_mfn(f), order, owner);
	model_set(f, 1u << order, FRAME_FREE);
}

/* --- tests --------------------------------------------------------------- */

static void test_start(void **state)
{
	(void)state;
	compare();
	assert_int_equal(pfa_owner(&pfa, mk_mfn(0)), FRAME_NONE);
	assert_int_equal(pfa_owner(&pfa, mk_mfn(256)), FRAME_HV);
	assert_int_equal(pfa_owner(&pfa, mk_mfn(FRAMES)), FRAME_NONE);
	assert_int_equal(pfa_owner(&pfa, INVALID_mfn), FRAME_NONE);
}

struct block {
	u32 f, order;
	enum frame_owner owner;
};

static struct block block[BLOCKS];
static u32 block_count;

static void random_alloc(void)
{
	/* Small orders often, large ones sometimes, as in real life. */
	u32 order = rnd(4) ? rnd(4) : rnd(PFA_MAX_ORDER + 1);
	enum frame_owner owner = FRAME_HV + rnd(FRAME_OWNERS - FRAME_HV);
	mfn_t m;

	if (block_count == BLOCKS) {
		return;
	}
	m = checked_alloc(order, rnd(3), owner);
	if (!mfn_eq(m, INVALID_mfn)) {
		block[block_count++] =
			(struct block){ mfn_raw(m), order, owner };
	}
}

/* Free a block, whole or in smaller pieces. */
static void random_free(void)
{
	u32 i, k, f;

	if (!block_count) {
		return;
	}
	i = rnd(block_count);
	k = rnd(block[i].order + 1);
	for (f = 0; f < 1u << block[i].order; f += 1u << k) {
		checked_free(block[i].f + f, k, block[i].owner);
	}
	block[i] = block[--block_count];
}

static void random_step(u32 i)
{
	/* Phases that mostly fill and phases that mostly empty. */
	u32 bias = i / 1000 % 2 ? 3 : 6;

	if (rnd(9) < bias) {
		random_alloc();
	} else {
		random_free();
	}
}

static void test_random(void **state)
{
	u32 i;

	(void)state;
	block_count = 0;
	for (i = 0; i < STEPS; i++) {
		random_step(i);
		if (i % 16 == 0) {
			compare();
		}
	}
	while (block_count) {
		random_free();
	}
	for (i = 0; i < FRAMES; i++) {
		assert_int_equal(model[i], owner_at_start(i));
	}
	compare();
}

/* Take all there is, frame by frame; give it back in a wild order. */
static void test_whole_again(void **state)
{
	static u32 taken[FRAMES];
	u32 n = 0, o, i;
	mfn_t m;

	(void)state;
	for (;;) {
		m = pfa_alloc(&pfa, 0, n % 2 ? PFA_ANY : PFA_HIGH, FRAME_GUEST);
		if (mfn_eq(m, INVALID_mfn)) {
			break;
		}
		assert_int_equal(model[mfn_raw(m)], FRAME_FREE);
		model[mfn_raw(m)] = FRAME_GUEST;
		taken[n++] = mfn_raw(m);
	}
	assert_int_equal(n, 158 + 4300 + 1 + 2880 + 989);
	compare();
	while (n) {
		i = rnd(n);
		checked_free(taken[i], 0, FRAME_GUEST);
		taken[i] = taken[--n];
	}
	compare();
	/* Every block the model can name must come out, largest first. */
	for (o = PFA_MAX_ORDER + 1; o-- > 0;) {
		while (model_can(0, LOW_LIMIT, o) ||
		       model_can(LOW_LIMIT, FRAMES, o)) {
			m = checked_alloc(o, PFA_ANY, FRAME_HV);
			assert_false(mfn_eq(m, INVALID_mfn));
		}
		m = checked_alloc(o, PFA_ANY, FRAME_HV);
		assert_true(mfn_eq(m, INVALID_mfn));
	}
	assert_int_equal(pfa_count(&pfa, FRAME_FREE), 0);
}

static void test_zones(void **state)
{
	mfn_t m;
	u32 low = 0;

	(void)state;
	while (!mfn_eq(checked_alloc(0, PFA_LOW, FRAME_HV), INVALID_mfn)) {
		low++;
	}
	assert_int_equal(low, 158 + LOW_LIMIT - 700);
	assert_int_equal(pfa_count_low(&pfa, FRAME_FREE), 0);
	m = checked_alloc(0, PFA_ANY, FRAME_HV);
	assert_true(mfn_raw(m) >= LOW_LIMIT && mfn_raw(m) < FRAMES);
}

/* Frames taken apart on both sides of the low limit, given back as one. */
static void test_free_across_limit(void **state)
{
	u32 f = LOW_LIMIT & ~7u;
	mfn_t m;

	(void)state;
	do {
		m = checked_alloc(0, PFA_ANY, FRAME_GUEST);
	} while (!mfn_eq(m, INVALID_mfn));
	checked_free(f, 3, FRAME_GUEST);
	compare();
	m = checked_alloc(3, PFA_ANY, FRAME_GUEST);
	assert_true(mfn_eq(m, INVALID_mfn));
	m = checked_alloc(2, PFA_LOW, FRAME_GUEST);
	assert_int_equal(mfn_raw(m), f);
	m = checked_alloc(0, PFA_LOW, FRAME_GUEST);
	assert_int_equal(mfn_raw(m), f + 4);
	m = checked_alloc(1, PFA_HIGH, FRAME_GUEST);
	assert_int_equal(mfn_raw(m), f + 6);
}

/* A machine whose RAM is all low, as with the tables of a small one. */
static void test_no_high_zone(void **state)
{
	mfn_t m;

	(void)state;
	setup_pfa(~0u);
	m = pfa_alloc(&pfa, 10, PFA_HIGH, FRAME_GUEST);
	assert_false(mfn_eq(m, INVALID_mfn));
	assert_int_equal(pfa_count_low(&pfa, FRAME_GUEST), 1024);
	assert_int_equal(pfa_count_low(&pfa, FRAME_FREE),
			 pfa_count(&pfa, FRAME_FREE));
}

static void test_bad_free(void **state)
{
	mfn_t a = checked_alloc(2, PFA_ANY, FRAME_GUEST);
	mfn_t b = checked_alloc(2, PFA_ANY, FRAME_SHADOW);

	(void)state;
	ASSERT_PANICS("is guest, expected shadow",
		      pfa_free(&pfa, a, 2, FRAME_SHADOW));
	/* One frame in the middle is enough. */
	checked_free(mfn_raw(a) + 2, 0, FRAME_GUEST);
	ASSERT_PANICS("is free, expected guest",
		      pfa_free(&pfa, a, 2, FRAME_GUEST));
	compare(); /* a refused free has changed nothing */

	checked_free(mfn_raw(b), 2, FRAME_SHADOW);
	ASSERT_PANICS("is free, expected shadow",
		      pfa_free(&pfa, b, 2, FRAME_SHADOW));
	ASSERT_PANICS("is free, expected shadow",
		      pfa_free(&pfa, mfn_add(b, 3), 0, FRAME_SHADOW));
	ASSERT_PANICS("is_holder", pfa_free(&pfa, b, 2, FRAME_FREE));
	ASSERT_PANICS("is none", pfa_free(&pfa, mk_mfn(0), 0, FRAME_GUEST));
	ASSERT_PANICS("is_holder", pfa_free(&pfa, mk_mfn(0), 0, FRAME_NONE));
	compare();
}

static void test_bad_arguments(void **state)
{
	mfn_t a = checked_alloc(3, PFA_ANY, FRAME_GUEST);

	(void)state;
	ASSERT_PANICS("n - 1", pfa_free(&pfa, mfn_add(a, 1), 1, FRAME_GUEST));
	ASSERT_PANICS("MAX_ORDER", pfa_free(&pfa, a, 11, FRAME_GUEST));
	ASSERT_PANICS("max_mfn",
		      pfa_free(&pfa, mk_mfn(FRAMES), 0, FRAME_GUEST));
	ASSERT_PANICS("max_mfn", pfa_free(&pfa, INVALID_mfn, 0, FRAME_GUEST));
	ASSERT_PANICS("max_mfn", pfa_free(&pfa, mk_mfn(8192), 10, FRAME_GUEST));
	ASSERT_PANICS("MAX_ORDER",
		      ignored = pfa_alloc(&pfa, 11, PFA_ANY, FRAME_GUEST));
	ASSERT_PANICS("is_holder",
		      ignored = pfa_alloc(&pfa, 0, PFA_ANY, FRAME_FREE));
	ASSERT_PANICS("is_holder",
		      ignored = pfa_alloc(&pfa, 0, PFA_ANY, FRAME_OWNERS));
	compare();
}

/* Whoever scribbles over the table is noticed when the entry is used. */
static void test_corrupt_list(void **state)
{
	u32 head = pfa.free[0][PFA_MAX_ORDER];
	u8 *entry = (u8 *)table + head * 8;

	(void)state;
	assert_int_not_equal(head, 0);
	entry[3]++; /* the order */
	ASSERT_PANICS("order",
		      ignored = pfa_alloc(&pfa, 10, PFA_LOW, FRAME_HV));
	entry[3]--;
	entry[7]++; /* the owner */
	ASSERT_PANICS("order",
		      ignored = pfa_alloc(&pfa, 10, PFA_LOW, FRAME_HV));
	entry[7]--;
	assert_int_equal(mfn_raw(checked_alloc(10, PFA_LOW, FRAME_HV)), head);
}

static void test_overlapping_map(void **state)
{
	static struct memmap map = {
		.count = 2,
		.range = { { 0x10000, 0x10000, MEM_AVAILABLE },
			   { 0x1f000, 0x10000, MEM_IN_USE } },
	};

	(void)state;
	ASSERT_PANICS("FRAME_NONE", pfa_init(&pfa, table, FRAMES, ~0u, &map));
}

/* The very last frame that 24-bit links can name. */
static void test_top_of_64_gib(void **state)
{
	static struct memmap map = {
		.count = 1,
		.range = { { 0xfff000000, 0x2000000, MEM_AVAILABLE } },
	};
	void *big = malloc(pfa_table_size(~0u));
	mfn_t m;
	u32 i;

	(void)state;
	assert_non_null(big);
	assert_int_equal(pfa_table_size(~0u), 128u << 20);
	assert_int_equal(pfa_table_size(PFA_MFN_LIMIT), 128u << 20);
	pfa_init(&pfa, big, ~0u, 0x40000, &map);
	assert_int_equal(pfa_count(&pfa, FRAME_FREE), 0x1000);
	assert_int_equal(pfa_count_low(&pfa, FRAME_NONE), 0x40000);
	for (i = 0; i < 0x1000; i++) {
		m = pfa_alloc(&pfa, 0, PFA_HIGH, FRAME_GUEST);
		assert_true(mfn_raw(m) >= 0xfff000 && mfn_raw(m) < 0x1000000);
	}
	m = pfa_alloc(&pfa, 0, PFA_HIGH, FRAME_GUEST);
	assert_true(mfn_eq(m, INVALID_mfn));
	for (i = 0x1000000; i-- > 0xfff000;) {
		pfa_free(&pfa, mk_mfn(i), 0, FRAME_GUEST);
	}
	for (i = 0; i < 4; i++) {
		m = pfa_alloc(&pfa, 10, PFA_ANY, FRAME_GUEST);
		assert_false(mfn_eq(m, INVALID_mfn));
	}
	free(big);
}

static void test_names(void **state)
{
	u32 o;

	(void)state;
	for (o = 0; o < FRAME_OWNERS; o++) {
		assert_string_not_equal(frame_owner_name(o), "?");
	}
	assert_string_equal(frame_owner_name(FRAME_OWNERS), "?");
	assert_string_equal(frame_owner_name(FRAME_SHADOW), "shadow");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(test_start),
		T(test_random),
		T(test_whole_again),
		T(test_zones),
		T(test_free_across_limit),
		T(test_bad_free),
		T(test_bad_arguments),
		T(test_corrupt_list),
		T(test_overlapping_map),
		T(test_names),
		cmocka_unit_test_teardown(test_no_high_zone, teardown),
		T(test_top_of_64_gib),
	};

	return cmocka_run_group_tests_name("pfa", tests, NULL, NULL);
}
