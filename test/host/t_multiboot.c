// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * boot/multiboot.c: rules, one by one. Next: t_multiboot_fuzz.c.
 */
#include "test/host/mb1_block.h"

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
	assert_non_null(multiboot1_parse(0xffffffc0u, fake_read, &info));
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
	fresh((0u - WINDOW_SIZE));
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
	assert_int_equal(cut_texts(&info), 0);
}

/* Flags say what is there; only of a module's text 0 says that it is not. */
static void test_address_0(void **state)
{
	(void)state;
	fresh(0);
	put_mmap(20, 0, 0x1000, 1);
	mbi_flag(F_CMDLINE | F_LOADER);
	memcpy(window, "umbra log=debug", 16);
	mbi(MBI_CMDLINE, 0);
	mbi(MBI_LOADER, 0);
	put_module(0, 0, AT_INFO, 0);
	put_module(1, 0, 0, put_text(0, "empty"));
	assert_null(parse());
	assert_string_equal(info.cmdline, "umbra log=debug");
	assert_string_equal(info.loader, "umbra log=debug");
	assert_int_equal(info.module_count, 2);
	assert_int_equal(hpa_raw(info.module[0].base), 0);
	assert_int_equal(info.module[0].size, AT_INFO);
	assert_string_equal(info.module[0].text, "");
	assert_int_equal(info.module[1].size, 0);
	assert_string_equal(info.module[1].text, "empty");
	assert_range(1, 0, AT_INFO, MEM_IN_USE);
	assert_int_equal(info.note_count, 0);
	/* The map, the list and the block itself may lie there, too. */
	memcpy(window, window + AT_MMAP, 24);
	mbi(MBI_MMAP_ADDR, 0);
	assert_null(parse());
	assert_range(0, 0, 0x1000, MEM_AVAILABLE);
	memcpy(window, window + AT_MODS, 32);
	mbi(MBI_MODS_ADDR, 0);
	mbi(MBI_MMAP_ADDR, AT_MMAP);
	assert_null(parse());
	assert_int_equal(info.module_count, 2);
	memcpy(window, window + AT_INFO, 68);
	assert_null(multiboot1_parse(0, fake_read, &info));
	assert_int_equal(info.map.count, 2);
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
	assert_int_equal(cut_texts(&info), 1);
	assert_note(&info, 0, BOOT_LOADER_NAME, 0, 0, BOOT_CUT);
	window[AT_TEXT + BOOT_STRING_MAX - 1] = 'y';
	assert_null(parse());
	assert_int_equal(strlen(info.cmdline), BOOT_STRING_MAX - 1);
	assert_int_equal(info.cmdline[BOOT_STRING_MAX - 2], 'x');
	assert_int_equal(strlen(info.module[0].text), BOOT_STRING_MAX - 1);
	assert_int_equal(cut_texts(&info), 3);
}

/* A text at the very end of memory, without its terminator. */
static void test_endless_string(void **state)
{
	(void)state;
	fresh((0u - WINDOW_SIZE));
	put_mmap(20, 0, 0x1000, 1);
	memcpy(window + WINDOW_SIZE - 4, "abcd", 4);
	mbi(MBI_CMDLINE, 0xfffffffcu);
	mbi_flag(F_CMDLINE);
	assert_null(parse());
	assert_string_equal(info.cmdline, "abcd");
	assert_int_equal(cut_texts(&info), 1);
	mbi(MBI_CMDLINE, 0x1234);
	assert_null(parse());
	assert_string_equal(info.cmdline, "");
	assert_int_equal(cut_texts(&info), 1);
}

/* What was left out or cut, and which it was. */
static void test_notes(void **state)
{
	const u32 data = 0x10000 + AT_DATA;

	(void)state;
	fresh(0x10000);
	memset(window + AT_TEXT, 'x', BOOT_STRING_MAX);
	mbi_flag(F_CMDLINE);
	mbi(MBI_CMDLINE, 0x10000 + AT_TEXT);
	for (u32 i = 0; i < MEMMAP_MAX + 3; i++) {
		put_mmap(20, i * 0x2000, 0x1000, 1);
	}
	for (u32 i = 0; i < BOOT_MODULES_MAX + 9; i++) {
		put_module(i, data, data, 0);
	}
	put_module(3, data + 1, data, 0);
	put_module(4, 0, 1, 0);
	put_module(5, data, data, 0x10000 + AT_TEXT);
	put_module(6, data, data + 1, 0);
	mbi(MBI_MODS_COUNT, 300);
	memset(window + AT_MODS + 16 * 73, 0xff, 16 * 300);
	assert_null(parse());
	assert_int_equal(info.module_count, BOOT_MODULES_MAX);
	assert_int_equal(info.note_count, 7);
	assert_note(&info, 0, BOOT_COMMAND_LINE, 0, 0, BOOT_CUT);
	assert_note(&info, 1, BOOT_MEMORY_ENTRY, 129, 131,
		    "no room for more than 128: left out");
	assert_note(&info, 2, BOOT_MODULE, 4, 4,
		    "ends before it begins: left out");
	assert_note(&info, 3, BOOT_MODULE, 5, 5, "not readable: left out");
	assert_note(&info, 4, BOOT_MODULE, 6, 6, BOOT_CUT);
	assert_note(&info, 5, BOOT_MODULE, 7, 7,
		    "no room in the memory map: left out");
	assert_note(&info, 6, BOOT_MODULE, 68, 300, BOOT_TOO_MANY);
	/* A module that was left out keeps its number. */
	assert_int_equal(info.module[2].number, 3);
	assert_int_equal(info.module[3].number, 6);
	mbi(MBI_MMAP_LENGTH, 0x10001);
	mbi_flag(F_MEMORY);
	mbi(MBI_MEM_UPPER, 1024);
	assert_null(parse());
	assert_note(&info, 1, "memory map", 0, 0,
		    "longer than 64 KiB: left out");
	put32(AT_MMAP + 24 * 2, 19);
	mbi(MBI_MMAP_LENGTH, 24 * 9);
	assert_null(parse());
	assert_note(&info, 1, BOOT_MEMORY_ENTRY, 3, 3, BOOT_BAD_SIZE);
}

/* More notes than there is room for are counted. */
static void test_too_many_notes(void **state)
{
	const u32 data = 0x10000 + AT_DATA;

	(void)state;
	fresh(0x10000);
	put_mmap(20, 0, 0x1000, 1);
	for (u32 i = 0; i < 200; i++) {
		put_module(i, data + 1, i % 2 ? data : data + 1, 0);
	}
	assert_null(parse());
	/* 64 of them are used up with module 127. */
	assert_int_equal(info.module_count, BOOT_MODULES_MAX);
	assert_int_equal(info.note_count, BOOT_NOTES_MAX);
	assert_int_equal(info.notes_lost, 72);
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
	assert_int_equal(dropped(&info), 2);
	assert_int_equal(hpa_raw(info.module[0].base), data);
	assert_int_equal(info.module[0].size, 0x123);
	assert_string_equal(info.module[0].text, "vmlinuz a b");
	assert_int_equal(hpa_raw(info.module[1].base), data + 0x1000);
	assert_int_equal(info.module[1].size, 0x1000);
	assert_string_equal(info.module[1].text, "");
	assert_int_equal(info.module[2].size, 0);
	assert_string_equal(info.module[2].text, "empty");
	assert_int_equal(cut_texts(&info), 0);
	assert_int_equal(info.map.count, 3);
	assert_range(1, data, 0x123, MEM_IN_USE);
	assert_range(2, data + 0x1000, 0x1000, MEM_IN_USE);
	/* The list counts only when the flag says so. */
	mbi(MBI_FLAGS, F_MMAP);
	assert_null(parse());
	assert_int_equal(info.module_count, 0);
	assert_int_equal(dropped(&info), 0);
}

static void test_module_list(void **state)
{
	const u32 data = (0u - WINDOW_SIZE) + AT_DATA;

	(void)state;
	fresh((0u - WINDOW_SIZE));
	put_mmap(20, 0, 0x100000, 1);
	for (u32 i = 0; i < BOOT_MODULES_MAX + 3; i++) {
		put_module(i, data, data + 1 + i, put_text(0, "m"));
	}
	assert_null(parse());
	assert_int_equal(info.module_count, BOOT_MODULES_MAX);
	assert_int_equal(dropped(&info), 3);
	assert_int_equal(info.module[BOOT_MODULES_MAX - 1].size,
			 BOOT_MODULES_MAX);
	mbi(MBI_MODS_COUNT, 0xffffffffu);
	assert_null(parse());
	assert_int_equal(info.module_count, BOOT_MODULES_MAX);
	assert_int_equal(dropped(&info), 0xffffffffu - BOOT_MODULES_MAX);
	/* One entry fits below 4 GiB, the next would lie at address 0. */
	memcpy(window + WINDOW_SIZE - 16, window + AT_MODS, 16);
	mbi(MBI_MODS_ADDR, 0xfffffff0u);
	mbi(MBI_MODS_COUNT, 3);
	assert_null(parse());
	assert_int_equal(info.module_count, 1);
	assert_int_equal(dropped(&info), 2);
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
		cmocka_unit_test(test_address_0),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_too_many_notes),
		cmocka_unit_test(test_long_strings),
		cmocka_unit_test(test_endless_string),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_module_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
