/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names in ELF files: one good file, questions about it, and mutations of it
 * in heap buffers of the exact size, so that ASan sees any byte read beyond
 * the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hv/report/elfsym.h"

#define MUTATIONS 20000

/* Offsets in the file below. */
enum {
	PHDR = 0x34,
	SHDR = 0x80,
	SYMTAB = 0x200,
	STRTAB = 0x300,
	FILE_SIZE = 0x380,
};

static u8 image[FILE_SIZE];
static u32 strings_used;
static u32 symbols;
static u32 rng = 1;

static u32 rnd(u32 n)
{
	rng = rng * 1664525u + 1013904223u;
	return (rng >> 8) % n;
}

static void put16(u32 at, u32 v)
{
	image[at] = (u8)v;
	image[at + 1] = (u8)(v >> 8);
}

static void put32(u32 at, u32 v)
{
	put16(at, v);
	put16(at + 2, v >> 16);
}

static void put_words(u32 at, const u32 *word, u32 n)
{
	for (u32 i = 0; i < n; i++) {
		put32(at + i * 4, word[i]);
	}
}

/* @type as in st_info; @section: 1 code, 2 data. */
static void add_symbol(const char *name, u32 value, u32 size, u32 type,
		       u32 section)
{
	u32 at = SYMTAB + 16 * symbols++;

	memcpy(image + STRTAB + strings_used, name, strlen(name) + 1);
	put32(at, strings_used);
	put32(at + 4, value);
	put32(at + 8, size);
	image[at + 12] = (u8)(0x10 | type);
	put16(at + 14, section);
	strings_used += (u32)strlen(name) + 1;
}

static void add_section(u32 i, u32 type, u32 flags, u32 addr, u32 offset,
			u32 size, u32 link, u32 entsize)
{
	const u32 h[] = { 0,	type, flags, addr, offset,
			  size, link, 0,     4,	   entsize };

	put_words(SHDR + i * 40, h, 10);
}

/* Code at 0xc0100000, loaded at 0x100000; data behind it. */
static void build(void)
{
	const u32 load[] = { 1,	     0,	     0xc0100000, 0x100000,
			     0x1000, 0x2000, 5,		 0x1000 };

	memset(image, 0, sizeof(image));
	memcpy(image,
	       "\x7f"
	       "ELF\1\1\1",
	       7);
	put32(28, PHDR);
	put32(32, SHDR);
	put16(42, 32);
	put16(44, 1);
	put16(46, 40);
	put16(48, 5);
	put_words(PHDR, load, 8);
	strings_used = 1;
	symbols = 1;
	add_symbol("start", 0xc0100000, 0, 0, 1);
	add_symbol("big", 0xc0100100, 0x100, 2, 1);
	add_symbol("label", 0xc0100180, 0, 0, 1);
	add_symbol(".Llocal", 0xc0100104, 0, 0, 1);
	add_symbol("table", 0xc0101000, 0x40, 1, 2);
	add_symbol("absolute", 0xc0100110, 0, 0, 0xfff1);
	add_symbol("tail", 0xc0100200, 0x10, 2, 1);
	add_section(1, 1, 6, 0xc0100000, 0, 0x1000, 0, 0);
	add_section(2, 1, 3, 0xc0101000, 0, 0x1000, 0, 0);
	add_section(3, 2, 0, 0, SYMTAB, 16 * symbols, 4, 16);
	add_section(4, 3, 0, 0, STRTAB, strings_used, 0, 0);
}

static void assert_name(bool is_code, u32 addr, const char *name, u32 offset)
{
	struct elf_symbols s;
	struct elf_symbol y;

	elfsym_open(&s, image, sizeof(image));
	if (!name) {
		assert_false(elfsym_find(&s, addr, is_code, &y));
		return;
	}
	assert_true(elfsym_find(&s, addr, is_code, &y));
	assert_int_equal(y.len, strlen(name));
	assert_memory_equal(y.name, name, y.len);
	assert_int_equal(y.offset, offset);
}

static void test_names(void **state)
{
	(void)state;
	build();
	assert_name(true, 0xc00fffff, NULL, 0);
	assert_name(true, 0xc0100000, "start", 0);
	assert_name(true, 0xc01000ff, "start", 0xff);
	/* A function wins over labels in it, its end over nothing. */
	assert_name(true, 0xc0100108, "big", 8);
	assert_name(true, 0xc0100190, "big", 0x90);
	assert_name(true, 0xc0100200, "tail", 0);
	assert_name(true, 0xc0100210, "label", 0x90);
	assert_name(true, 0xc0101010, "label", 0xe90);
	assert_name(false, 0xc0101010, "table", 0x10);
	assert_name(false, 0xc0101040, NULL, 0);
	assert_name(false, 0xc0100108, NULL, 0);
}

static void test_values(void **state)
{
	struct elf_symbols s;
	u32 v = 0;

	(void)state;
	build();
	elfsym_open(&s, image, sizeof(image));
	assert_true(elfsym_value(&s, "table", &v));
	assert_int_equal(v, 0xc0101000);
	assert_false(elfsym_value(&s, "tabl", &v));
	assert_false(elfsym_value(&s, "tables", &v));
	assert_true(elfsym_is_code(&s, 0xc0100fff));
	assert_false(elfsym_is_code(&s, 0xc0101000));
	assert_true(elfsym_to_linked(&s, 0x100010, &v));
	assert_int_equal(v, 0xc0100010);
	assert_true(elfsym_to_loaded(&s, 0xc0101fff, &v));
	assert_int_equal(v, 0x101fff);
	assert_false(elfsym_to_linked(&s, 0x102000, &v));
}

static void test_stripped(void **state)
{
	struct elf_symbols s;
	u32 v;

	(void)state;
	build();
	put16(48, 0);
	elfsym_open(&s, image, sizeof(image));
	assert_int_equal(s.symbols.count, 0);
	assert_name(true, 0xc0100000, NULL, 0);
	/* The segment says what is code. */
	assert_true(elfsym_is_code(&s, 0xc0101fff));
	assert_false(elfsym_is_code(&s, 0xc0102000));
	elfsym_open(&s, "MZ", 2);
	assert_false(elfsym_is_code(&s, 0));
	assert_false(elfsym_to_linked(&s, 0, &v));
}

/* Ask everything of the first @size bytes of @bytes. */
static void ask(const u8 *bytes, u32 size)
{
	u8 *copy = malloc(size + 1);
	struct elf_symbols s;
	struct elf_symbol y;
	u32 v, sum = 0;

	assert_non_null(copy);
	memcpy(copy + 1, bytes, size);
	elfsym_open(&s, copy + 1, size);
	for (u32 addr = 0xc0100000; addr < 0xc0102000; addr += 0x108) {
		for (u32 is_code = 0; is_code < 2; is_code++) {
			if (elfsym_find(&s, addr, is_code, &y)) {
				for (u32 i = 0; i < y.len; i++) {
					sum += (u8)y.name[i];
				}
			}
		}
		sum += elfsym_is_code(&s, addr);
	}
	sum += elfsym_value(&s, "no such name", &v);
	sum += elfsym_to_linked(&s, sum, &v);
	sum += elfsym_to_loaded(&s, sum, &v);
	free(copy);
}

static void test_mutations(void **state)
{
	static const u32 odd[] = { 0,	       1,	   0x7fffffff,
				   0x80000000, 0xffffffff, FILE_SIZE,
				   0xfffffff0 };

	(void)state;
	for (u32 n = 0; n < MUTATIONS; n++) {
		build();
		for (u32 k = rnd(4) + 1; k > 0; k--) {
			u32 at = rnd(sizeof(image) / 4) * 4;

			put32(at, rnd(2) ? odd[rnd(7)] : rnd(0x400));
			image[rnd(sizeof(image))] = (u8)rnd(256);
		}
		memcpy(image,
		       "\x7f"
		       "ELF",
		       4);
		ask(image, rnd(4) ? sizeof(image) : rnd(sizeof(image)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_stripped),
		cmocka_unit_test(test_mutations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
