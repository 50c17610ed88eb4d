// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mm/memtest.c: which addresses are tried, and what becomes of a map whose
 * memory is partly not there, against a model that looks at every piece.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "mm/memtest.h"

#define MIB   0x100000ull
#define LIMIT (1ull << 40)
#define STEP  ((u64)MEMTEST_STEP)

#define STRETCHES 16

static struct memmap map;
static struct memmap before; /* sanitised, as the test began */

/* What is there: all but these stretches. */
static struct {
	u64 base, end;
} absent[STRETCHES];
static u32 absent_count;

/* What was told, and how often memory was tried. */
static struct {
	u64 base, end;
} told[STRETCHES * 2];
static u32 told_count;
static u32 tries;
static u64 tried[64];

static bool is_there(u64 addr)
{
	for (u32 i = 0; i < absent_count; i++) {
		if (addr < absent[i].end && addr + 8 > absent[i].base) {
			return false;
		}
	}
	return true;
}

/* Only memory that the map calls AVAILABLE may be touched. */
static bool works(u64 addr)
{
	assert_int_equal(addr % MEMTEST_BYTES, 0);
	assert_true(memmap_is(&before, addr, MEMTEST_BYTES, MEM_AVAILABLE));
	if (tries < ARRAY_SIZE(tried)) {
		tried[tries] = addr;
	}
	tries++;
	return is_there(addr);
}

static void left_out(u64 base, u64 end)
{
	assert_true(told_count < ARRAY_SIZE(told));
	told[told_count].base = base;
	told[told_count].end = end;
	told_count++;
}

static void begin(void)
{
	memset(&map, 0, sizeof(map));
	absent_count = told_count = tries = 0;
}

static void lacks(u64 base, u64 end)
{
	absent[absent_count].base = base;
	absent[absent_count].end = end;
	absent_count++;
}

static void try_all(void)
{
	assert_int_equal(memmap_sanitise(&map, LIMIT), 0);
	before = map;
	memtest_map(&map, works, left_out);
	assert_int_equal(memmap_sanitise(&map, LIMIT), 0);
}

static void assert_told(u32 i, u64 base, u64 end)
{
	assert_true(i < told_count);
	assert_int_equal(told[i].base, base);
	assert_int_equal(told[i].end, end);
	assert_true(memmap_is(&map, base, end - base, MEM_RESERVED));
}

/* Both ends of each range, and both sides of each 64 MiB. */
static void test_where(void **state)
{
	static const u64 want[] = {
		0,    0x9fff8,	    MIB,      STEP - 8,
		STEP, STEP * 2 - 8, STEP * 2, STEP * 2 + 0x4ff8,
	};

	(void)state;
	begin();
	memmap_add(&map, 0, 0xa0000, MEM_AVAILABLE);
	memmap_add(&map, MIB, STEP * 2 + 0x5000 - MIB, MEM_AVAILABLE);
	try_all();
	assert_int_equal(tries, ARRAY_SIZE(want));
	assert_memory_equal(tried, want, sizeof(want));
	assert_int_equal(told_count, 0);
	assert_memory_equal(&map, &before, sizeof(map));
}

static void test_spared(void **state)
{
	(void)state;
	begin();
	memmap_add(&map, MIB, 10 * MIB, MEM_AVAILABLE);
	memmap_add(&map, 2 * MIB, 5, MEM_IN_USE);
	memmap_add(&map, 4 * MIB, MIB, MEM_RESERVED);
	lacks(2 * MIB, 2 * MIB + 0x1000);
	lacks(4 * MIB, 5 * MIB);
	try_all();
	assert_int_equal(tries, 6);
	assert_int_equal(told_count, 0);
}

static void test_end_is_absent(void **state)
{
	(void)state;
	begin();
	memmap_add(&map, MIB, 10 * STEP - MIB, MEM_AVAILABLE);
	lacks(STEP * 3 + MIB, LIMIT);
	try_all();
	assert_int_equal(told_count, 1);
	assert_told(0, STEP * 3, STEP * 10);
	assert_true(memmap_is(&map, MIB, STEP * 3 - MIB, MEM_AVAILABLE));
	assert_int_equal(map.count, 2);
}

static void test_holes(void **state)
{
	(void)state;
	begin();
	memmap_add(&map, MIB, 6 * STEP, MEM_AVAILABLE);
	memmap_add(&map, 64 * STEP, 0x1000, MEM_AVAILABLE);
	lacks(MIB, MIB + 8);
	lacks(2 * STEP - 4, 2 * STEP + 4);
	lacks(6 * STEP + MIB - 8, 6 * STEP + MIB);
	lacks(64 * STEP, 64 * STEP + 0x1000);
	try_all();
	assert_int_equal(told_count, 3);
	assert_told(0, MIB, 3 * STEP);
	assert_told(1, 6 * STEP, 6 * STEP + MIB);
	assert_told(2, 64 * STEP, 64 * STEP + 0x1000);
	assert_true(memmap_is(&map, 3 * STEP, 3 * STEP, MEM_AVAILABLE));
	assert_true(memmap_is(&map, MIB, 3 * STEP - MIB, MEM_RESERVED));
	assert_true(memmap_is(&map, 6 * STEP, MIB, MEM_RESERVED));
	assert_true(memmap_is(&map, 64 * STEP, 0x1000, MEM_RESERVED));
}

static void test_nothing_is_there(void **state)
{
	(void)state;
	begin();
	memmap_add(&map, 0, 40 * STEP, MEM_AVAILABLE);
	lacks(0, LIMIT);
	try_all();
	assert_told(0, 0, 40 * STEP);
	assert_true(memmap_is(&map, 0, 40 * STEP, MEM_RESERVED));
}

static u64 seed;

static u32 rnd(u32 below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (u32)(seed >> 33) % below;
}

/* A piece of a range is what the map says before and 64 MiB allow. */
static void check_piece(u64 base, u64 end)
{
	bool good = is_there(base) && is_there(end - 8);

	assert_true(memmap_is(&map, base, end - base,
			      good ? MEM_AVAILABLE : MEM_RESERVED));
}

static void test_random(void **state)
{
	u32 bad = 0;

	(void)state;
	seed = 20;
	for (u32 round = 0; round < 2000; round++) {
		begin();
		for (u32 n = 1 + rnd(8); n > 0; n--) {
			memmap_add(&map, (u64)rnd(20 * 1024) * MIB / 16,
				   (u64)rnd(8 * 1024) * MIB / 16,
				   rnd(3) ? MEM_AVAILABLE : MEM_IN_USE);
		}
		for (u32 n = rnd(STRETCHES); n > 0; n--) {
			u64 base = (u64)rnd(30 * 1024) * MIB / 16;

			lacks(base, base + (u64)rnd(2048) * MIB / 16);
		}
		try_all();
		for (u32 i = 0; i < before.count; i++) {
			const struct mem_range *r = &before.range[i];
			u64 end = r->base + r->len, next;

			for (u64 at = r->base; at < end; at = next) {
				next = min_u64((at / STEP + 1) * STEP, end);
				if (r->kind == MEM_AVAILABLE) {
					check_piece(at, next);
				} else {
					assert_true(memmap_is(
						&map, at, next - at, r->kind));
				}
			}
		}
		bad += told_count > 0;
	}
	assert_in_range(bad, 500, 1950);
}

static void test_word(void **state)
{
	u32 word[4] = { 1, 0x5a3c96a5, 3, 4 };
	const u32 same[4] = { 1, 0x5a3c96a5, 3, 4 };

	(void)state;
	assert_true(memtest_word(word + 1));
	assert_memory_equal(word, same, sizeof(word));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where),
		cmocka_unit_test(test_spared),
		cmocka_unit_test(test_end_is_absent),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_nothing_is_there),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
