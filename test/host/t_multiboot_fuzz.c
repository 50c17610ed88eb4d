// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * boot/multiboot.c: mutated and truncated blocks against a reader that goes
 * byte by byte.
 */
#include "test/host/mb1_block.h"

static u64 seed;

static u32 rnd(u32 below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (u32)(seed >> 33) % below;
}

/* A little-endian number of @bytes; *ok goes false when unreadable. */
static u64 number_at(u64 addr, u32 bytes, bool *ok)
{
	u64 n = 0;

	for (u32 i = bytes; i-- > 0;) {
		int b = byte_at(addr + i);

		*ok = *ok && b >= 0;
		n = n << 8 | (u8)b;
	}
	return n;
}

static u32 field(u32 offset)
{
	bool ok = true;
	u32 n = (u32)number_at((u64)window_base + AT_INFO + offset, 4, &ok);

	assert_true(ok);
	return n;
}

/* Was @text copied from @addr? Returns 1 when it had to be cut. */
static u32 check_text(const char *text, u64 addr, u32 size)
{
	u32 n = 0;

	assert_non_null(memchr(text, 0, size));
	while (n < size - 1 && byte_at(addr + n) > 0) {
		assert_int_equal((u8)text[n], byte_at(addr + n));
		n++;
	}
	assert_int_equal(text[n], 0);
	return byte_at(addr + n) != 0;
}

/* The map must begin with the believable entries, in order. */
static u32 check_map(void)
{
	u32 length = field(MBI_MMAP_LENGTH);
	u64 at = field(MBI_MMAP_ADDR);
	u64 end = at + length;
	u32 n = 0;

	if (!(field(MBI_FLAGS) & F_MMAP) || length > 0x10000) {
		return 0;
	}
	while (at + 24 <= end) {
		bool ok = true;
		u64 size = number_at(at, 4, &ok);
		u64 base = number_at(at + 4, 8, &ok);
		u64 len = number_at(at + 12, 8, &ok);
		u64 type = number_at(at + 20, 4, &ok);

		if (!ok || size < 20 || at + 4 + size > end) {
			break;
		}
		if (base + len < base) {
			len = ~base;
		}
		if (len != 0 && n < MEMMAP_MAX) {
			assert_range(n++, base, len,
				     type == 1 ? MEM_AVAILABLE : MEM_RESERVED);
		}
		at += 4 + size;
	}
	return n;
}

#define LOOKED_AT 256 /* of a list of modules */

/* @n: ranges of the map that do not come from modules. */
static u32 check_modules(u32 n)
{
	u32 count = field(MBI_FLAGS) & F_MODULES ? field(MBI_MODS_COUNT) : 0;
	u32 found = 0;
	u32 cut = 0;

	for (u32 i = 0; i < count && i < LOOKED_AT; i++) {
		u64 at = field(MBI_MODS_ADDR) + 16ull * i;
		const struct boot_module *bm = &info.module[found];
		bool ok = true;
		u64 start = number_at(at, 4, &ok);
		u64 end = number_at(at + 4, 4, &ok);
		u64 text = number_at(at + 8, 4, &ok);

		(void)number_at(at + 12, 4, &ok);
		if (!ok || end < start || found == BOOT_MODULES_MAX ||
		    (end > start &&
		     (byte_at(start) < 0 || byte_at(end - 1) < 0 ||
		      n == MEMMAP_MAX))) {
			continue;
		}
		assert_true(found < info.module_count);
		assert_int_equal(hpa_raw(bm->base), start);
		assert_int_equal(bm->size, end - start);
		/* At 0 there is none. */
		if (text != 0) {
			cut += check_text(bm->text, text, BOOT_STRING_MAX);
		}
		if (end > start && n < MEMMAP_MAX) {
			assert_range(n++, start, end - start, MEM_IN_USE);
		}
		found++;
	}
	assert_int_equal(info.module_count, found);
	if (!info.notes_lost) {
		assert_int_equal(dropped(&info), count - found);
	}
	assert_int_equal(info.map.count, n);
	return cut;
}

static void check_all(void)
{
	u32 flags = field(MBI_FLAGS);
	u32 n = check_map();
	u32 cut = 0;
	bool ram = false;

	for (u32 i = 0; i < n; i++) {
		ram = ram || info.map.range[i].kind == MEM_AVAILABLE;
	}
	if (!ram && (flags & F_MEMORY) && n < MEMMAP_MAX) {
		n += field(MBI_MEM_LOWER) != 0;
		n += field(MBI_MEM_UPPER) != 0;
	}
	if (flags & F_CMDLINE) {
		cut += check_text(info.cmdline, field(MBI_CMDLINE),
				  BOOT_STRING_MAX);
	}
	if (flags & F_LOADER) {
		cut += check_text(info.loader, field(MBI_LOADER),
				  BOOT_LOADER_MAX);
	}
	cut += check_modules(n);
	if (!info.notes_lost) {
		assert_int_equal(cut_texts(&info), cut);
	}
}

static void random_block(void)
{
	static const u32 bases[] = { 0, 0x10000, 0x7fffc000,
				     (0u - WINDOW_SIZE) };
	u32 modules = rnd(BOOT_MODULES_MAX + 4);
	u32 entries = rnd(40);

	fresh(bases[rnd(ARRAY_SIZE(bases))]);
	for (u32 i = 0; i < entries; i++) {
		put_mmap(20 + rnd(8), (u64)rnd(1u << 31) << rnd(33),
			 (u64)rnd(1u << 31) << rnd(33), rnd(3));
	}
	for (u32 i = 0; i < modules; i++) {
		u32 start = window_base + AT_DATA + rnd(0x1000);

		put_module(i, start, start + rnd(0x1000),
			   put_text(i * 64, "name some arguments"));
	}
	mbi(MBI_CMDLINE, put_text(0x800, "umbra a=b c=d"));
	mbi(MBI_LOADER, put_text(0x900, "loader"));
	mbi_flag(rnd(2) * F_CMDLINE | rnd(2) * F_LOADER | rnd(2) * F_MEMORY);
	mbi(MBI_MEM_LOWER, rnd(2) * 640);
	mbi(MBI_MEM_UPPER, rnd(2) * 0x10000);
}

/* Values that parsers get wrong. */
static u32 nasty(void)
{
	switch (rnd(6)) {
	case 0:
		return 0u - rnd(64);
	case 1:
		return window_base + window_end - rnd(64);
	case 2:
		return window_base + rnd(WINDOW_SIZE);
	case 3:
		return rnd(64);
	case 4:
		return 0x80000000u + rnd(64) - 32;
	default:
		return rnd(1u << 31) * 2 + rnd(2);
	}
}

static void mutate(void)
{
	static const u32 areas[][2] = { { AT_INFO, 17 },
					{ AT_INFO, 17 },
					{ AT_MMAP, 60 },
					{ AT_MODS, 40 } };

	for (u32 i = rnd(8); i > 0; i--) {
		const u32 *area = areas[rnd(ARRAY_SIZE(areas))];

		put32(area[0] + 4 * rnd(area[1]), nasty());
	}
	if (rnd(8) == 0) {
		memset(window + AT_TEXT, 'z', rnd(0x4000));
	}
	if (rnd(4) == 0) {
		window_end = AT_INFO + 68 + rnd(WINDOW_SIZE - AT_INFO - 68);
	}
}

static void test_mutated(void **state)
{
	u32 good = 0;

	(void)state;
	seed = 3;
	for (u32 i = 0; i < 3000; i++) {
		random_block();
		mutate();
		if (!parse()) {
			check_all();
			good++;
		}
	}
	/* Both outcomes were seen, and more than by accident. */
	assert_in_range(good, 500, 2950);
}

/* Nothing but noise: only the bounds in fake_read() can complain. */
static void test_noise(void **state)
{
	(void)state;
	seed = 4;
	for (u32 i = 0; i < 300; i++) {
		fresh(0x10000);
		for (u32 k = 0; k < WINDOW_SIZE; k += 4) {
			put32(k, nasty());
		}
		mbi_flag(F_MMAP | F_MEMORY | F_CMDLINE | F_LOADER | F_MODULES);
		if (!parse()) {
			check_all();
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mutated),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
