/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A Linux kernel's table of symbols, built here in both layouts, found again
 * in memory, and mutated.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "hv/report/kallsyms.h"

#define MEMORY	  0x20000u
#define BASE	  0xc1000000u
#define SYMBOLS	  700u
#define MUTATIONS 3000u

static u8 memory[MEMORY];
static u32 reads;
static u32 rng = 1;
static u32 place, table_end;

static u32 rnd(u32 n)
{
	rng = rng * 1664525u + 1013904223u;
	return (rng >> 8) % n;
}

static int read_memory(void *ctx, u32 at, void *dst, u32 len)
{
	(void)ctx;
	reads++;
	if (at > MEMORY || len > MEMORY - at) {
		return -1;
	}
	memcpy(dst, memory + at, len);
	return 0;
}

static const struct reader reader = { .read = read_memory };

static void put32(u32 v)
{
	memcpy(memory + place, &v, 4);
	place += 4;
}

static void align(void)
{
	place = (place + 3) & ~3u;
}

static u32 offset_of(u32 i)
{
	return i * 0x20;
}

/* "f7" is spelled with a token of two letters, "Tf", and digits. */
static void put_name(u32 i)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", i);

	memory[place++] = (u8)(len + 1);
	memory[place++] = 0x80;
	memcpy(memory + place, text, (size_t)len);
	place += (u32)len;
}

static void put_addresses(bool is_relative)
{
	for (u32 i = 0; i < SYMBOLS; i++) {
		put32(offset_of(i) + (is_relative ? 0 : BASE));
	}
	if (is_relative) {
		put32(BASE);
	}
	put32(SYMBOLS);
}

static void put_tokens(void)
{
	u16 index[256];
	u32 start = place;

	for (u32 i = 0; i < 256; i++) {
		index[i] = (u16)(place - start);
		if (i == 0x80) {
			memory[place++] = 'T';
			memory[place++] = 'f';
		} else {
			memory[place++] = (u8)(i ? i : '?');
		}
		memory[place++] = '\0';
	}
	align();
	memcpy(memory + place, index, sizeof(index));
	place += sizeof(index);
}

static void build(u32 at, bool is_relative)
{
	u32 marker[(SYMBOLS + 255) / 256], names;

	memset(memory, 0, sizeof(memory));
	place = at;
	put_addresses(is_relative);
	names = place;
	for (u32 i = 0; i < SYMBOLS; i++) {
		if (i % 256 == 0) {
			marker[i / 256] = place - names;
		}
		put_name(i);
	}
	align();
	for (u32 i = 0; i < (SYMBOLS + 255) / 256; i++) {
		put32(marker[i]);
	}
	put_tokens();
	table_end = place;
}

static void check_all(const struct kallsyms *k)
{
	struct kallsym y;
	char name[16];
	u32 v;

	assert_int_equal(k->count, SYMBOLS);
	for (u32 i = 0; i < SYMBOLS; i++) {
		snprintf(name, sizeof(name), "f%u", i);
		assert_true(kallsyms_find(k, BASE + offset_of(i) + 7, &y));
		assert_string_equal(y.name, name);
		assert_int_equal(y.value, BASE + offset_of(i));
		assert_int_equal(y.type, 'T');
	}
	assert_false(kallsyms_find(k, BASE - 1, &y));
	assert_true(kallsyms_value(k, "f123", &v));
	assert_int_equal(v, BASE + offset_of(123));
	assert_false(kallsyms_value(k, "f", &v));
}

static void test_layouts(void **state)
{
	struct kallsyms k;

	(void)state;
	/* At any place, so also where the digits straddle two pages. */
	for (u32 at = 0x2000; at < 0x3100; at += 4) {
		build(at, at & 4);
		assert_true(kallsyms_open(&k, &reader, 0x1000, MEMORY));
		if (at % 0x400 < 8) {
			check_all(&k);
		}
	}
}

static void test_absent(void **state)
{
	struct kallsyms k;

	(void)state;
	memset(memory, 0, sizeof(memory));
	assert_false(kallsyms_open(&k, &reader, 0, MEMORY));
	/* Nothing but digits: work stays bounded. */
	for (u32 i = 0; i < MEMORY; i++) {
		memory[i] = (u8)(i & 1 ? 0 : '0' + i / 2 % 10);
	}
	reads = 0;
	assert_false(kallsyms_open(&k, &reader, 0, MEMORY));
	assert_true(reads < 100000);
}

static void test_mutations(void **state)
{
	struct kallsyms k;
	struct kallsym y;
	u32 v;

	(void)state;
	for (u32 n = 0; n < MUTATIONS; n++) {
		build(0x2000, n & 1);
		for (u32 i = rnd(3) + 1; i > 0; i--) {
			u32 at = 0x2000 + rnd(table_end - 0x2000);

			memory[at] = (u8)(rnd(2) ? rnd(256) : 0xff);
		}
		if (kallsyms_open(&k, &reader, 0x1000, MEMORY)) {
			for (u32 i = 0; i < 50; i++) {
				kallsyms_find(&k, BASE + rnd(0x6000), &y);
			}
			kallsyms_value(&k, "none", &v);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layouts),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_mutations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
