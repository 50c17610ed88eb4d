// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * boot/multiboot.c: a table of rules, then mutated and truncated blocks
 * against a reader that goes byte by byte. The blocks live in the fake loader
 * memory of mb_block.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "boot/multiboot.h"
#include "test/host/mb_block.h"

static struct boot_info info;

static const char *parse(void)
{
	const char *why;

	reads = 0;
	/* What is not set by the parser must not go unnoticed. */
	memset(&info, 0xa5, sizeof(info));
	why = multiboot1_parse(window_base + AT_INFO, fake_phys, &info);
	free(last_read);
	last_read = NULL;
	return why;
}

static void assert_range(u32 i, u64 base, u64 len, enum mem_kind kind)
{
	assert_true(i < info.map.count);
	assert_int_equal(info.map.range[i].base, base);
	assert_int_equal(info.map.range[i].len, len);
	assert_int_equal(info.map.range[i].kind, kind);
}

static void test_unreadable(void **state)
{
	(void)state;
	fresh(0x10000);
	put_mmap(20, 0, 0x1000, 1);
	window_end = AT_INFO + 67;
	assert_non_null(parse());
	assert_int_equal(info.map.count, 0);
	/* Exactly the block is readable, and the sizes are enough. */
	window_end = AT_INFO + 68;
	mbi(MBI_FLAGS, F_MEMORY);
	mbi(MBI_MEM_LOWER, 4);
	assert_null(parse());
	/* The block would wrap. */
	window_end = WINDOW_SIZE;
	reads = 0;
	assert_non_null(multiboot1_parse(0xffffffc0u, fake_phys, &info));
	assert_int_equal(reads, 0);
}

static void test_mmap(void **state)
{
	(void)state;
	fresh(0x10000);
	put_mmap(20, 0, 0x9fc00, 1);
	put_mmap(24, 0x100000000ull, 0x123456789000ull, 1);
	put_mmap(20, 0xf0000, 0x10000, 2);
	put_mmap(21, 0x7fe0000, 0x20000, 3);
	put_mmap(20, 0x8000000, 0x1000, 0);
	put_mmap(20, 0x9000000, 0x1000, 0xffffffffu);
	put_mmap(20, 0x9000000, 0, 1);
	mbi_flag(F_MEMORY);
	mbi(MBI_MEM_LOWER, 100);
	mbi(MBI_MEM_UPPER, 100);
	assert_null(parse());
	assert_int_equal(info.map.count, 6);
	assert_range(0, 0, 0x9fc00, MEM_AVAILABLE);
	assert_range(1, 0x100000000ull, 0x123456789000ull, MEM_AVAILABLE);
	assert_range(2, 0xf0000, 0x10000, MEM_RESERVED);
	assert_range(3, 0x7fe0000, 0x20000, MEM_RESERVED);
	assert_range(4, 0x8000000, 0x1000, MEM_RESERVED);
	assert_range(5, 0x9000000, 0x1000, MEM_RESERVED);
}

/* Two good entries and a third with size @size: how many are believed? */
static u32 entries_with_third(u32 size, u32 length)
{
	fresh(0x10000);
	put_mmap(20, 0, 0x1000, 1);
	put_mmap(20, 0x1000, 0x1000, 1);
	put_mmap(20, 0x2000, 0x1000, 1);
	put32(AT_MMAP + 48, size);
	mbi(MBI_MMAP_LENGTH, length);
	assert_null(parse());
	return info.map.count;
}

static void test_mmap_bad_sizes(void **state)
{
	(void)state;
	assert_int_equal(entries_with_third(20, 72), 3);
	assert_int_equal(entries_with_third(20, 71), 2);
	assert_int_equal(entries_with_third(20, 95), 3);
	assert_int_equal(entries_with_third(21, 72), 2);
	assert_int_equal(entries_with_third(24, 76), 3);
	assert_int_equal(entries_with_third(19, 72), 2);
	assert_int_equal(entries_with_third(0, 72), 2);
	assert_int_equal(entries_with_third(0xfffffffcu, 72), 2);
	assert_int_equal(entries_with_third(0xffffffffu, 72), 2);
	/* The window ends before the length does. */
	window_end = AT_MMAP + 71;
	assert_null(parse());
	assert_int_equal(info.map.count, 2);
}

static void test_mmap_wraps(void **state)
{
	(void)state;
	fresh(0xffff8000u);
	put_mmap(20, 0, 0x1000, 1);
	memcpy(window + WINDOW_SIZE - 24, window + AT_MMAP, 24);
	mbi(MBI_MMAP_ADDR, 0xffffffe8u);
	mbi(MBI_MMAP_LENGTH, 48);
	assert_null(parse());
	assert_int_equal(info.map.count, 1);
	mbi(MBI_MMAP_ADDR, 0xffffffe9u);
	assert_non_null(parse());
}

static void test_mem_sizes(void **state)
{
	(void)state;
	fresh(0x10000);
	mbi(MBI_MEM_LOWER, 639);
	mbi(MBI_MEM_UPPER, 0xffffffffu);
	assert_non_null(parse());
	mbi_flag(F_MEMORY);
	assert_null(parse());
	assert_int_equal(info.map.count, 2);
	assert_range(0, 0, 639 * 1024, MEM_AVAILABLE);
	assert_range(1, 0x100000, 0x3fffffffc00ull, MEM_AVAILABLE);
	mbi(MBI_MEM_LOWER, 641);
	mbi(MBI_MEM_UPPER, 1);
	assert_null(parse());
	assert_range(0, 0, 640 * 1024, MEM_AVAILABLE);
	assert_range(1, 0x100000, 1024, MEM_AVAILABLE);
	mbi(MBI_MEM_LOWER, 0);
	mbi(MBI_MEM_UPPER, 0);
	assert_non_null(parse());
}

/* A map without a word on usable memory yields to the sizes. */
static void test_useless_mmap(void **state)
{
	(void)state;
	fresh(0x10000);
	put_mmap(20, 0x5000, 0x1000, 2);
	assert_non_null(parse());
	mbi_flag(F_MEMORY);
	mbi(MBI_MEM_UPPER, 1024);
	assert_null(parse());
	assert_int_equal(info.map.count, 2);
	assert_range(0, 0x5000, 0x1000, MEM_RESERVED);
	assert_range(1, 0x100000, 0x100000, MEM_AVAILABLE);
	/* So does one of incredible length. */
	put_mmap(20, 0x200000, 0x1000, 1);
	assert_null(parse());
	assert_range(1, 0x200000, 0x1000, MEM_AVAILABLE);
	mbi(MBI_MMAP_LENGTH, 0x10000);
	assert_null(parse());
	assert_range(1, 0x200000, 0x1000, MEM_AVAILABLE);
	mbi(MBI_MMAP_LENGTH, 0x10001);
	assert_null(parse());
	assert_int_equal(info.map.count, 1);
	assert_range(0, 0x100000, 0x100000, MEM_AVAILABLE);
}

static void test_strings(void **state)
{
	(void)state;
	fresh(0x10000);
	put_mmap(20, 0, 0x1000, 1);
	assert_null(parse());
	assert_string_equal(info.cmdline, "");
	assert_string_equal(info.loader, "");
	mbi(MBI_CMDLINE, put_text(0, "umbra.elf log=debug"));
	mbi(MBI_LOADER, put_text(100, "GRUB 2.06"));
	assert_null(parse());
	assert_string_equal(info.cmdline, "");
	assert_string_equal(info.loader, "");
	mbi_flag(F_CMDLINE | F_LOADER);
	assert_null(parse());
	assert_string_equal(info.cmdline, "umbra.elf log=debug");
	assert_string_equal(info.loader, "GRUB 2.06");
	assert_int_equal(info.strings_cut, 0);
	mbi(MBI_CMDLINE, 0);
	assert_null(parse());
	assert_string_equal(info.cmdline, "");
	assert_int_equal(info.strings_cut, 0);
}

static void test_long_strings(void **state)
{
	(void)state;
	fresh(0x10000);
	put_mmap(20, 0, 0x1000, 1);
	memset(window + AT_TEXT, 'x', BOOT_STRING_MAX - 1);
	mbi(MBI_CMDLINE, 0x10000 + AT_TEXT);
	mbi(MBI_LOADER, 0x10000 + AT_TEXT);
	mbi_flag(F_CMDLINE | F_LOADER);
	put_module(0, 0x10000, 0x10000, 0x10000 + AT_TEXT);
	assert_null(parse());
	assert_int_equal(strlen(info.cmdline), BOOT_STRING_MAX - 1);
	assert_int_equal(strlen(info.module[0].text), BOOT_STRING_MAX - 1);
	assert_int_equal(strlen(info.loader), BOOT_LOADER_MAX - 1);
	assert_int_equal(info.strings_cut, 0);
	window[AT_TEXT + BOOT_STRING_MAX - 1] = 'y';
	assert_null(parse());
	assert_int_equal(strlen(info.cmdline), BOOT_STRING_MAX - 1);
	assert_int_equal(info.cmdline[BOOT_STRING_MAX - 2], 'x');
	assert_int_equal(strlen(info.module[0].text), BOOT_STRING_MAX - 1);
	assert_int_equal(info.strings_cut, 2);
}

/* A text at the very end of memory, without its terminator. */
static void test_endless_string(void **state)
{
	(void)state;
	fresh(0xffff8000u);
	put_mmap(20, 0, 0x1000, 1);
	memcpy(window + WINDOW_SIZE - 4, "abcd", 4);
	mbi(MBI_CMDLINE, 0xfffffffcu);
	mbi_flag(F_CMDLINE);
	assert_null(parse());
	assert_string_equal(info.cmdline, "abcd");
	assert_int_equal(info.strings_cut, 1);
	mbi(MBI_CMDLINE, 0x1234);
	assert_null(parse());
	assert_string_equal(info.cmdline, "");
	assert_int_equal(info.strings_cut, 1);
}

static void test_modules(void **state)
{
	const u32 data = 0x10000 + AT_DATA;

	(void)state;
	fresh(0x10000);
	put_mmap(20, 0, 0x100000, 1);
	put_module(0, data, data + 0x123, put_text(0, "vmlinuz a b"));
	put_module(1, data + 0x1000, data + 0xfff, put_text(50, "bad"));
	put_module(2, data + 0x1000, 0x10000 + WINDOW_SIZE + 1, 0);
	put_module(3, data + 0x1000, 0x10000 + WINDOW_SIZE, 0);
	put_module(4, 0x666, 0x666, put_text(100, "empty"));
	assert_null(parse());
	assert_int_equal(info.module_count, 3);
	assert_int_equal(info.modules_dropped, 2);
	assert_int_equal(hpa_raw(info.module[0].base), data);
	assert_int_equal(info.module[0].size, 0x123);
	assert_string_equal(info.module[0].text, "vmlinuz a b");
	assert_int_equal(hpa_raw(info.module[1].base), data + 0x1000);
	assert_int_equal(info.module[1].size, 0x1000);
	assert_string_equal(info.module[1].text, "");
	assert_int_equal(info.module[2].size, 0);
	assert_string_equal(info.module[2].text, "empty");
	assert_int_equal(info.strings_cut, 0);
	assert_int_equal(info.map.count, 3);
	assert_range(1, data, 0x123, MEM_IN_USE);
	assert_range(2, data + 0x1000, 0x1000, MEM_IN_USE);
	/* The list counts only when the flag says so. */
	mbi(MBI_FLAGS, F_MMAP);
	assert_null(parse());
	assert_int_equal(info.module_count, 0);
	assert_int_equal(info.modules_dropped, 0);
}

static void test_module_list(void **state)
{
	const u32 data = 0xffff8000u + AT_DATA;

	(void)state;
	fresh(0xffff8000u);
	put_mmap(20, 0, 0x100000, 1);
	for (u32 i = 0; i < BOOT_MODULES_MAX + 3; i++) {
		put_module(i, data, data + 1 + i, put_text(0, "m"));
	}
	assert_null(parse());
	assert_int_equal(info.module_count, BOOT_MODULES_MAX);
	assert_int_equal(info.modules_dropped, 3);
	assert_int_equal(info.module[BOOT_MODULES_MAX - 1].size,
			 BOOT_MODULES_MAX);
	mbi(MBI_MODS_COUNT, 0xffffffffu);
	assert_null(parse());
	assert_int_equal(info.module_count, BOOT_MODULES_MAX);
	assert_int_equal(info.modules_dropped, 0xffffffffu - BOOT_MODULES_MAX);
	/* One entry fits below 4 GiB, the next would lie at address 0. */
	memcpy(window + WINDOW_SIZE - 16, window + AT_MODS, 16);
	mbi(MBI_MODS_ADDR, 0xfffffff0u);
	mbi(MBI_MODS_COUNT, 3);
	assert_null(parse());
	assert_int_equal(info.module_count, 1);
	assert_int_equal(info.modules_dropped, 2);
}

/* --- mutated blocks, read once more byte by byte ------------------------- */

static u64 seed;

static u32 rnd(u32 below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (u32)(seed >> 33) % below;
}

/* One byte of loader memory, -1 when unreadable. */
static int byte_at(u64 addr)
{
	return addr >= window_base && addr < (u64)window_base + window_end
		       ? window[addr - window_base]
		       : -1;
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
	if (addr == 0) {
		assert_string_equal(text, "");
		return 0;
	}
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

/* @n: ranges of the map that do not come from modules. */
static u32 check_modules(u32 n)
{
	u32 count = field(MBI_FLAGS) & F_MODULES ? field(MBI_MODS_COUNT) : 0;
	u32 found = 0;
	u32 cut = 0;

	for (u32 i = 0; i < count && i < BOOT_MODULES_MAX; i++) {
		u64 at = field(MBI_MODS_ADDR) + 16ull * i;
		const struct boot_module *bm = &info.module[found];
		bool ok = true;
		u64 start = number_at(at, 4, &ok);
		u64 end = number_at(at + 4, 4, &ok);
		u64 text = number_at(at + 8, 4, &ok);

		(void)number_at(at + 12, 4, &ok);
		if (!ok || end < start ||
		    (end > start &&
		     (byte_at(start) < 0 || byte_at(end - 1) < 0))) {
			continue;
		}
		assert_true(found < info.module_count);
		assert_int_equal(hpa_raw(bm->base), start);
		assert_int_equal(bm->size, end - start);
		cut += check_text(bm->text, text, BOOT_STRING_MAX);
		if (end > start && n < MEMMAP_MAX) {
			assert_range(n++, start, end - start, MEM_IN_USE);
		}
		found++;
	}
	assert_int_equal(info.module_count, found);
	assert_int_equal(info.modules_dropped, count - found);
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
		(void)check_text(info.loader, field(MBI_LOADER),
				 BOOT_LOADER_MAX);
	}
	cut += check_modules(n);
	assert_int_equal(info.strings_cut, cut);
}

static void random_block(void)
{
	static const u32 bases[] = { 0, 0x10000, 0x7fffc000, 0xffff8000u };
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

/* Nothing but noise: only the bounds in fake_phys() can complain. */
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
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_mmap),
		cmocka_unit_test(test_mmap_bad_sizes),
		cmocka_unit_test(test_mmap_wraps),
		cmocka_unit_test(test_mem_sizes),
		cmocka_unit_test(test_useless_mmap),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_long_strings),
		cmocka_unit_test(test_endless_string),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_module_list),
		cmocka_unit_test(test_mutated),
		cmocka_unit_test(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
