/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF checks: one good image, one way to spoil it per refusal, and mutations
 * of it in heap buffers of the exact size, so that ASan sees any byte read
 * beyond the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hv/load/elf.h"

#define MEM	    0x400000u /* 4 MiB of guest memory */
#define IMAGE_SIZE  0x400u
#define MUTATIONS   60000
#define CUT_REPEATS 4

/* Offsets of header fields, from the System V ABI; never from elf.c. */
enum {
	EH_CLASS = 4,
	EH_DATA = 5,
	EH_TYPE = 16,
	EH_MACHINE = 18,
	EH_ENTRY = 24,
	EH_PHOFF = 28,
	EH_PHENTSIZE = 42,
	EH_PHNUM = 44,
	EH_SIZE = 52,
	PH_TYPE = 0,
	PH_OFFSET = 4,
	PH_PADDR = 12,
	PH_FILESZ = 16,
	PH_MEMSZ = 20,
	PH_SIZE = 32,
};

static u8 image[0x11000]; /* room for the most headers there can be */
static size_t image_size;
static struct elf_image out;
static u32 rng;

static u32 rnd(u32 n)
{
	rng = rng * 1664525u + 1013904223u;
	return (rng >> 8) % n;
}

static void put16(u32 at, u32 value)
{
	image[at] = (u8)value;
	image[at + 1] = (u8)(value >> 8);
}

static void put32(u32 at, u32 value)
{
	put16(at, value);
	put16(at + 2, value >> 16);
}

static u32 ph(u32 index, u32 field)
{
	return EH_SIZE + index * PH_SIZE + field;
}

static void put_segment(u32 index, u32 offset, u32 paddr, u32 filesz, u32 memsz)
{
	put32(ph(index, PH_TYPE), 1);
	put32(ph(index, PH_OFFSET), offset);
	put32(ph(index, PH_PADDR), paddr);
	put32(ph(index, PH_FILESZ), filesz);
	put32(ph(index, PH_MEMSZ), memsz);
}

/* Three headers: text, a note that is not loaded, data with a tail. */
static void build(void)
{
	static const u8 ident[16] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };

	memset(image, 0, sizeof(image));
	memcpy(image, ident, sizeof(ident));
	put16(EH_TYPE, 2);
	put16(EH_MACHINE, 3);
	put32(EH_ENTRY, 0x100010);
	put32(EH_PHOFF, EH_SIZE);
	put16(EH_PHENTSIZE, PH_SIZE);
	put16(EH_PHNUM, 3);
	put_segment(0, 0x200, 0x100000, 0x100, 0x100);
	put_segment(1, 0xffff0000, 0, 0xffff, 1);
	put32(ph(1, PH_TYPE), 4);
	put_segment(2, 0x300, 0x200000, 0x100, 0x2000);
	image_size = IMAGE_SIZE;
}

/* elf_check() of the first @size bytes, in a buffer that ends there. */
static const char *check_cut(size_t size)
{
	u8 *copy = malloc(size + 1);
	const char *wrong;

	assert_non_null(copy);
	/* An odd address: headers must not be used in place. */
	memcpy(copy + 1, image, size);
	memset(&out, 0xee, sizeof(out));
	wrong = elf_check(copy + 1, size, MEM, &out);
	free(copy);
	return wrong;
}

static const char *check(void)
{
	return check_cut(image_size);
}

static void assert_refused(const char *text)
{
	const char *wrong = check();

	assert_non_null(wrong);
	assert_string_equal(wrong, text);
}

static int setup(void **state)
{
	(void)state;
	build();
	return 0;
}

/* --- accepted ------------------------------------------------------------ */

static void test_good(void **state)
{
	(void)state;
	assert_null(check());
	assert_int_equal(out.entry, 0x100010);
	assert_int_equal(out.segment_count, 2);
	assert_int_equal(out.segment[0].paddr, 0x100000);
	assert_int_equal(out.segment[0].offset, 0x200);
	assert_int_equal(out.segment[0].filesz, 0x100);
	assert_int_equal(out.segment[0].memsz, 0x100);
	assert_int_equal(out.segment[1].paddr, 0x200000);
	assert_int_equal(out.segment[1].offset, 0x300);
	assert_int_equal(out.segment[1].filesz, 0x100);
	assert_int_equal(out.segment[1].memsz, 0x2000);
}

static void test_is_elf(void **state)
{
	u32 i;

	(void)state;
	assert_true(elf_is_elf(image, image_size));
	assert_true(elf_is_elf(image, 4));
	assert_false(elf_is_elf(image, 3));
	assert_false(elf_is_elf(image, 0));
	for (i = 0; i < 4; i++) {
		image[i] ^= 1;
		assert_false(elf_is_elf(image, image_size));
		assert_refused("not an ELF file");
		image[i] ^= 1;
	}
}

/* Right at the limits, everything is still good. */
static void test_borders(void **state)
{
	(void)state;
	put_segment(0, 0x300, 0x2000, 0x100, 0x1fe000);
	put_segment(2, 0, 0x200000, 0x400, 0x200000);
	put32(EH_ENTRY, 0x3fffff);
	assert_null(check());
	put32(EH_ENTRY, 0x2000);
	assert_null(check());
	/* The other order of neighbours, too. */
	put_segment(0, 0, 0x200000, 0x400, 0x200000);
	put_segment(2, 0x300, 0x2000, 0x100, 0x1fe000);
	assert_null(check());
}

static void test_empty_segment_is_skipped(void **state)
{
	(void)state;
	/* Nothing is loaded, so no address or offset of it matters. */
	put_segment(2, 0xffffffff, 0, 0, 0);
	assert_null(check());
	assert_int_equal(out.segment_count, 1);
	/* Only zeroes: nothing is copied, but the place is taken. */
	put_segment(2, IMAGE_SIZE, 0x200000, 0, 0x1000);
	assert_null(check());
	assert_int_equal(out.segment_count, 2);
	assert_int_equal(out.segment[1].memsz, 0x1000);
}

static void test_most_segments(void **state)
{
	u32 i;

	(void)state;
	image_size = EH_SIZE + 33 * PH_SIZE;
	for (i = 0; i < 33; i++) {
		put_segment(i, 0, 0x100000 + i * 0x1000, 8, 0x1000);
	}
	put16(EH_PHNUM, 32);
	assert_null(check());
	assert_int_equal(out.segment_count, 32);
	assert_int_equal(out.segment[31].paddr, 0x11f000);
	put16(EH_PHNUM, 33);
	assert_refused("ELF segment 32 is one too many (32 fit)");
}

/* --- refused ------------------------------------------------------------- */

struct spoil {
	u32 at;
	u32 bytes; /* 1, 2 or 4 */
	u32 value;
	const char *text;
};

#define P0(field) (EH_SIZE + (field))
#define P2(field) (EH_SIZE + 2 * PH_SIZE + (field))

static const struct spoil spoils[] = {
	{ EH_CLASS, 1, 2, "not a 32-bit ELF file" },
	{ EH_CLASS, 1, 0, "not a 32-bit ELF file" },
	{ EH_DATA, 1, 2, "not a little-endian ELF file" },
	{ EH_TYPE, 2, 1, "not an executable ELF file (type is not EXEC)" },
	{ EH_TYPE, 2, 3, "not an executable ELF file (type is not EXEC)" },
	{ EH_MACHINE, 2, 62, "not an ELF file for i386" },
	{ EH_MACHINE, 2, 0x303, "not an ELF file for i386" },
	{ EH_PHENTSIZE, 2, 31, "ELF program headers are not 32 bytes each" },
	{ EH_PHENTSIZE, 2, 56, "ELF program headers are not 32 bytes each" },
	{ EH_PHNUM, 2, 0, "ELF file has no program headers" },
	{ EH_PHNUM, 2, 2049, "ELF file has more than 2048 program headers" },
	{ EH_PHNUM, 2, 0xffff, "ELF file has more than 2048 program headers" },
	{ EH_PHNUM, 2, 2048, "ELF file ends within its program headers" },
	{ EH_PHOFF, 4, 0x3a1, "ELF file ends within its program headers" },
	{ EH_PHOFF, 4, 0x401, "ELF file ends within its program headers" },
	{ EH_PHOFF, 4, ~0u, "ELF file ends within its program headers" },
	{ EH_PHOFF, 4, -95u, "ELF file ends within its program headers" },
	{ EH_PHOFF, 4, 0x3a0, "ELF file has no loadable segment" },
	{ EH_ENTRY, 4, 0xfffff,
	  "ELF entry point is outside every loaded segment" },
	{ EH_ENTRY, 4, 0x100100,
	  "ELF entry point is outside every loaded segment" },
	{ EH_ENTRY, 4, 0x202000,
	  "ELF entry point is outside every loaded segment" },
	{ EH_ENTRY, 4, 0, "ELF entry point is outside every loaded segment" },
	{ P2(PH_FILESZ), 4, 0x2001,
	  "ELF segment 2 is larger in the file than in memory" },
	{ P0(PH_MEMSZ), 4, 0,
	  "ELF segment 0 is larger in the file than in memory" },
	{ P2(PH_FILESZ), 4, 0x101,
	  "ELF segment 2 lies beyond the end of the file" },
	{ P2(PH_OFFSET), 4, 0x301,
	  "ELF segment 2 lies beyond the end of the file" },
	{ P2(PH_OFFSET), 4, 0x401,
	  "ELF segment 2 lies beyond the end of the file" },
	{ P2(PH_OFFSET), 4, -0x80u,
	  "ELF segment 2 lies beyond the end of the file" },
	{ P2(PH_PADDR), 4, -0x1fffu, "ELF segment 2 wraps around 4 GiB" },
	{ P2(PH_MEMSZ), 4, -0x1fffffu, "ELF segment 2 wraps around 4 GiB" },
	{ P0(PH_PADDR), 4, 0x1fff,
	  "ELF segment 0 overlaps the boot pages below 0x2000" },
	{ P0(PH_PADDR), 4, 0,
	  "ELF segment 0 overlaps the boot pages below 0x2000" },
	{ P2(PH_PADDR), 4, 0x1000ff, "ELF segment 2 overlaps another one" },
	{ P2(PH_PADDR), 4, 0x100000, "ELF segment 2 overlaps another one" },
	{ P2(PH_PADDR), 4, 0xfe001, "ELF segment 2 overlaps another one" },
	{ P2(PH_PADDR), 4, 0x3fe001,
	  "ELF file needs 4097 KiB of guest memory, there are 4096" },
	{ P2(PH_MEMSZ), 4, 0xffe00000,
	  "ELF file needs 4194304 KiB of guest memory, there are 4096" },
	{ P0(PH_PADDR), 4, 0x500000,
	  "ELF file needs 5121 KiB of guest memory, there are 4096" },
};

static void test_refusals(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(spoils); i++) {
		const struct spoil *s = &spoils[i];

		build();
		if (s->bytes == 1) {
			image[s->at] = (u8)s->value;
		} else if (s->bytes == 2) {
			put16(s->at, s->value);
		} else {
			put32(s->at, s->value);
		}
		assert_refused(s->text);
	}
}

/* The largest need is named, whichever segment has it. */
static void test_memory_needed(void **state)
{
	(void)state;
	put_segment(0, 0x200, 0x800000, 0x100, 0x400);
	put_segment(2, 0x300, 0x600000, 0x100, 0x400);
	assert_refused("ELF file needs 8193 KiB of guest memory, "
		       "there are 4096");
	put_segment(0, 0x200, 0x600000, 0x100, 0x400);
	put_segment(2, 0x300, 0x800000, 0x100, 0x401);
	assert_refused("ELF file needs 8194 KiB of guest memory, "
		       "there are 4096");
}

/* Every earlier segment is compared, not the first or the last alone. */
static void test_overlap_in_the_middle(void **state)
{
	(void)state;
	put16(EH_PHNUM, 4);
	put_segment(1, 0, 0x180000, 0, 0x1000);
	put_segment(3, 0, 0x180fff, 0, 0x1000);
	assert_refused("ELF segment 3 overlaps another one");
	put_segment(3, 0, 0x181000, 0, 0x1000);
	assert_null(check());
}

static void test_no_loadable(void **state)
{
	(void)state;
	put32(ph(0, PH_TYPE), 0);
	put32(ph(2, PH_TYPE), 2);
	assert_refused("ELF file has no loadable segment");
	build();
	put_segment(0, 0, 0x100000, 0, 0);
	put32(ph(2, PH_TYPE), 6);
	assert_refused("ELF file has no loadable segment");
}

/* The most headers there can be: 64 KiB of them, all looked at. */
static void test_most_headers(void **state)
{
	(void)state;
	put16(EH_PHNUM, 2048);
	put_segment(2047, 0x200, 0x300000, 0x100, 0x100);
	image_size = EH_SIZE + 2048 * PH_SIZE;
	assert_null(check());
	assert_int_equal(out.segment_count, 3);
	put_segment(2047, 0x200, 0x300000, 0x100, 0xff);
	assert_refused("ELF segment 2047 is larger in the file than in memory");
	image_size--;
	assert_refused("ELF file ends within its program headers");
}

/* --- truncation and mutation --------------------------------------------- */

static void test_truncated(void **state)
{
	u32 headers = EH_SIZE + 3 * PH_SIZE;
	u32 size;

	(void)state;
	for (size = 0; size < IMAGE_SIZE; size++) {
		const char *wrong = check_cut(size);
		const char *text =
			size < 4	 ? "not an ELF file"
			: size < EH_SIZE ? "ELF file ends within its header"
			: size < headers
				? "ELF file ends within its program headers"
			: size < 0x300 ? "ELF segment 0 lies beyond the end of "
					 "the file"
				       : "ELF segment 2 lies beyond the end of "
					 "the file";

		assert_non_null(wrong);
		assert_string_equal(wrong, text);
	}
	assert_null(check_cut(IMAGE_SIZE));
}

/* What was accepted must hold, whatever the file was: checked in 64 bits. */
static void assert_sound(size_t size)
{
	bool entry_found = false;
	u32 i, k;

	assert_in_range(out.segment_count, 1, ELF_SEGMENTS_MAX);
	for (i = 0; i < out.segment_count; i++) {
		const struct elf_segment *s = &out.segment[i];
		u64 end = (u64)s->paddr + s->memsz;

		assert_true(s->memsz > 0 && s->filesz <= s->memsz);
		assert_true((u64)s->offset + s->filesz <= size);
		assert_true(s->paddr >= 0x2000 && end <= MEM);
		entry_found |= out.entry >= s->paddr && out.entry < end;
		for (k = 0; k < i; k++) {
			const struct elf_segment *t = &out.segment[k];

			assert_true((u64)t->paddr + t->memsz <= s->paddr ||
				    end <= t->paddr);
		}
	}
	assert_true(entry_found);
}

static void assert_printable(const char *text)
{
	size_t n = strnlen(text, ELF_REASON_MAX);

	assert_in_range(n, 1, ELF_REASON_MAX - 1);
	while (n--) {
		assert_in_range(text[n], 0x20, 0x7e);
	}
}

/* Set one header byte to a value that likes to be at a border. */
static void mutate_byte(void)
{
	static const u8 likes[] = { 0, 1, 2, 0x1f, 0x20, 0x7f, 0x80, 0xff };
	u32 at = rnd(EH_SIZE + 3 * PH_SIZE);

	if (rnd(2)) {
		image[at] = likes[rnd(ARRAY_SIZE(likes))];
	} else {
		image[at] ^= (u8)(1u << rnd(8));
	}
}

static void test_mutations(void **state)
{
	u32 accepted = 0;
	u32 i, n;

	(void)state;
	rng = 2024;
	for (i = 0; i < MUTATIONS; i++) {
		size_t size = IMAGE_SIZE;
		const char *wrong;

		build();
		for (n = 1 + rnd(4); n; n--) {
			mutate_byte();
		}
		if (rnd(CUT_REPEATS) == 0) {
			size -= rnd(IMAGE_SIZE);
		}
		wrong = check_cut(size);
		if (wrong) {
			assert_printable(wrong);
		} else {
			assert_sound(size);
			accepted++;
		}
	}
	/* Both outcomes must be common, or nothing was tested. */
	assert_in_range(accepted, MUTATIONS / 10, MUTATIONS * 9 / 10);
}

#define T(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(test_good),	       T(test_is_elf),
		T(test_borders),       T(test_empty_segment_is_skipped),
		T(test_most_segments), T(test_refusals),
		T(test_memory_needed), T(test_overlap_in_the_middle),
		T(test_no_loadable),   T(test_most_headers),
		T(test_truncated),     T(test_mutations),
	};

	return cmocka_run_group_tests_name("elf", tests, NULL, NULL);
}
