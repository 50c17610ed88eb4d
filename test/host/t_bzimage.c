/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bzImage checks: one good image, one way to spoil it per refusal, and
 * mutations of it in heap buffers of the exact size, so that ASan sees any
 * byte read beyond the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hv/load/bzimage.h"

#define MEM	   0x2000000u /* 32 MiB of guest memory */
#define SETUP	   (3 * 512u)
#define KERNEL	   0x1000u
#define IMAGE_SIZE (SETUP + KERNEL)
#define MUTATIONS  60000

/* Offsets of header fields, from the boot protocol. */
enum {
	SETUP_SECTS = 0x1f1,
	BOOT_FLAG = 0x1fe,
	JUMP = 0x200,
	MAGIC = 0x202,
	VERSION = 0x206,
	LOADFLAGS = 0x211,
	CODE32_START = 0x214,
	ALIGNMENT = 0x230,
	RELOCATABLE = 0x234,
	PREF_ADDRESS = 0x258,
	INIT_SIZE = 0x260,
};

static u8 image[IMAGE_SIZE];
static struct bzimage out;

static void put(u32 at, u64 value, u32 bytes)
{
	memcpy(image + at, &value, bytes);
}

static void make_good(void)
{
	memset(image, 0x90, sizeof(image));
	memset(image, 0, SETUP);
	put(SETUP_SECTS, 2, 1);
	put(BOOT_FLAG, 0xaa55, 2);
	put(JUMP, 0x66eb, 2); /* header ends at 0x268 */
	memcpy(image + MAGIC, "HdrS", 4);
	put(VERSION, 0x020d, 2);
	put(LOADFLAGS, 0x01, 1);
	put(CODE32_START, 0x100000, 4);
	put(ALIGNMENT, 0x200000, 4);
	put(PREF_ADDRESS, 0x1000000, 8);
	put(INIT_SIZE, 0x345000, 4);
}

/* Checks a copy of exactly @size bytes, of guest memory @mem. */
static const char *check_in(size_t size, u32 mem)
{
	u8 *copy = malloc(size ? size : 1);
	const char *error = "no bzImage";

	assert_non_null(copy);
	memcpy(copy, image, size);
	if (bzimage_is_bzimage(copy, size)) {
		error = bzimage_check(copy, size, mem, &out);
	}
	free(copy);
	return error;
}

static const char *check(void)
{
	return check_in(sizeof(image), MEM);
}

static void test_good(void **state)
{
	(void)state;
	make_good();
	assert_null(check());
	assert_int_equal(out.entry, 0x100000);
	assert_int_equal(out.offset, SETUP);
	assert_int_equal(out.size, KERNEL);
	assert_int_equal(out.header_end, 0x268);
	assert_int_equal(out.version, 0x020d);
	assert_int_equal(out.loadflags, 0x01);
	assert_int_equal(out.memory_end, 0x1345000);
}

static void test_memory(void **state)
{
	(void)state;
	make_good();
	put(RELOCATABLE, 1, 1);
	assert_null(check());
	assert_int_equal(out.memory_end, 0x1345000);
	put(PREF_ADDRESS, 0x100000, 8);
	assert_null(check());
	assert_int_equal(out.memory_end, 0x545000);
	put(ALIGNMENT, 0x300000, 4); /* no alignment at all */
	assert_null(check());
	assert_int_equal(out.memory_end, 0x445000);
	put(INIT_SIZE, 0, 4);
	assert_null(check());
	assert_int_equal(out.memory_end, 0x101000);
	put(VERSION, 0x0209, 2);
	put(INIT_SIZE, ~0u, 4); /* not that field yet */
	assert_null(check());
	assert_int_equal(out.memory_end, 0x101000);
	assert_null(check_in(sizeof(image), 0x101000));
	assert_string_equal(check_in(sizeof(image), 0x100fff),
			    "does not fit in the guest's memory");
	assert_string_equal(check_in(sizeof(image), 0),
			    "does not fit in the guest's memory");
}

static void test_default_sectors(void **state)
{
	(void)state;
	make_good();
	put(SETUP_SECTS, 0, 1);
	assert_null(check());
	assert_int_equal(out.offset, 5 * 512);
	assert_int_equal(out.size, IMAGE_SIZE - 5 * 512);
}

struct spoiled {
	u32 at;
	u32 bytes;
	u64 value;
	const char *error;
};

static const struct spoiled spoiled[] = {
	{ BOOT_FLAG, 2, 0xaa54, "no bzImage" },
	{ MAGIC, 1, 'h', "no bzImage" },
	{ SETUP_SECTS, 1, 10, "a bzImage that is cut off" },
	{ SETUP_SECTS, 1, 255, "a bzImage that is cut off" },
	{ LOADFLAGS, 1, 0x80, "a zImage, which is to be loaded below 1 MiB" },
	{ CODE32_START, 4, 0xfffff, "a bzImage whose entry is outside of it" },
	{ CODE32_START, 4, 0x101000, "a bzImage whose entry is outside of it" },
	{ CODE32_START, 4, 0, "a bzImage whose entry is outside of it" },
	{ INIT_SIZE, 4, 0x1000001,
	  "unpacked, does not fit in the guest's memory" },
	{ INIT_SIZE, 4, ~0u, "unpacked, does not fit in the guest's memory" },
	{ PREF_ADDRESS, 8, 0x100000000,
	  "unpacked, does not fit in the guest's memory" },
	{ PREF_ADDRESS, 8, ~0ull,
	  "unpacked, does not fit in the guest's memory" },
};

static void test_spoiled(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(spoiled); i++) {
		const struct spoiled *s = &spoiled[i];
		const char *error;

		make_good();
		put(s->at, s->value, s->bytes);
		error = check();
		assert_non_null(error);
		assert_string_equal(error, s->error);
	}
}

static void test_cuts(void **state)
{
	size_t size;

	(void)state;
	make_good();
	for (size = 0; size <= SETUP; size++) {
		assert_non_null(check_in(size, MEM));
	}
	assert_null(check_in(SETUP + 1, MEM));
}

/* Whatever is accepted can be copied and entered. */
static void test_mutations(void **state)
{
	u32 rng = 815, good = 0;
	u32 i, n;

	(void)state;
	for (i = 0; i < MUTATIONS; i++) {
		make_good();
		for (n = 0; n < 3; n++) {
			rng = rng * 1664525u + 1013904223u;
			image[0x1f1 + (rng >> 8) % 0x77] = (u8)(rng >> 24);
		}
		if (check() == NULL) {
			good++;
			assert_true(out.offset < IMAGE_SIZE);
			assert_int_equal(out.size, IMAGE_SIZE - out.offset);
			assert_in_range(out.header_end, 0x202, 0x290);
			assert_in_range(out.entry, 0x100000,
					0x100000 + out.size - 1);
			assert_in_range(out.memory_end, 0x100000 + out.size,
					MEM);
		}
	}
	assert_true(good > MUTATIONS / 10);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_default_sectors),
		cmocka_unit_test(test_spoiled),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_mutations),
	};

	return cmocka_run_group_tests_name("bzimage", tests, NULL, NULL);
}
