// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * boot/multiboot2.c: rules, one by one. Next: t_multiboot2_fuzz.c.
 */
#include "test/host/mb2_block.h"

static void test_unreadable(void **state)
{
	(void)state;
	begin_block(0x10000);
	put_memory();
	end_block();
	assert_null(parse());
	window_end = AT_INFO + 7;
	assert_non_null(parse());
	window_end = WINDOW_SIZE;
	put32(AT_INFO, 7);
	assert_non_null(parse());
	put32(AT_INFO, 0x100001);
	assert_non_null(parse());
	put32(AT_INFO, 0x100000);
	assert_null(parse());
	reads = 0;
	assert_non_null(multiboot2_parse(0xfffffffcu, fake_read, &info));
	assert_int_equal(reads, 0);
}

static void test_no_memory(void **state)
{
	(void)state;
	begin_block(0x10000);
	assert_non_null(parse());
	end_block();
	assert_non_null(parse());
	begin_block(0x10000);
	begin_mmap(24);
	put_entry(24, 0, 0x1000, 2);
	end_tag();
	assert_non_null(parse());
}

static void test_mmap(void **state)
{
	static const u32 sizes[] = { 24, 25, 32, 40, 100 };

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(sizes); i++) {
		begin_block(0x10000);
		begin_mmap(sizes[i]);
		put_entry(sizes[i], 0, 0x9fc00, 1);
		put_entry(sizes[i], 0x100000000ull, 0x123456789000ull, 1);
		put_entry(sizes[i], 0x7fe0000, 0x20000, 3);
		put_entry(sizes[i], 0x8000000, 0x1000, 4);
		put_entry(sizes[i], 0x9000000, 0x1000, 5);
		put_entry(sizes[i], 0xa000000, 0x1000, 0xffffffffu);
		put_entry(sizes[i], 0xb000000, 0, 1);
		end_tag();
		end_block();
		assert_null(parse());
		assert_int_equal(info.map.count, 6);
		assert_range(0, 0, 0x9fc00, MEM_AVAILABLE);
		assert_range(1, 0x100000000ull, 0x123456789000ull,
			     MEM_AVAILABLE);
		for (u32 k = 2; k < 6; k++) {
			assert_int_equal(info.map.range[k].kind, MEM_RESERVED);
		}
	}
}

/* How many of two entries are believed, with these sizes? */
static u32 entries(u32 entry_size, u32 cut)
{
	begin_block(0x10000);
	put_memory();
	begin_mmap(entry_size);
	put_entry(24, 0x100000, 0x1000, 1);
	put_entry(24, 0x200000, 0x1000, 1);
	block_end -= cut;
	end_tag();
	block_end += cut;
	end_block();
	assert_null(parse());
	return info.map.count - 1;
}

static void test_mmap_bad_sizes(void **state)
{
	(void)state;
	assert_int_equal(entries(24, 0), 2);
	assert_int_equal(entries(24, 1), 1);
	assert_int_equal(entries(24, 24), 1);
	assert_int_equal(entries(24, 25), 0);
	assert_int_equal(entries(24, 48), 0);
	assert_int_equal(entries(24, 55), 0);
	assert_int_equal(entries(23, 0), 0);
	assert_int_equal(entries(0, 0), 0);
	assert_int_equal(entries(48, 0), 1);
	assert_int_equal(entries(49, 0), 0);
	assert_int_equal(entries(0xffffffffu, 0), 0);
}

static void test_texts(void **state)
{
	char longest[BOOT_STRING_MAX + 1];

	(void)state;
	begin_block(0x10000);
	put_memory();
	put_text_tag(T_CMDLINE, "log=debug console=com2");
	put_text_tag(T_LOADER, "a loader");
	end_block();
	assert_null(parse());
	assert_string_equal(info.cmdline, "log=debug console=com2");
	assert_string_equal(info.loader, "a loader");
	assert_int_equal(cut_texts(&info), 0);

	/* One byte more than fits, and one that just fits. */
	memset(longest, 'x', sizeof(longest));
	longest[BOOT_STRING_MAX] = '\0';
	for (u32 i = 0; i < 2; i++) {
		begin_block(0x10000);
		put_memory();
		put_text_tag(T_CMDLINE, longest + i);
		put_text_tag(T_LOADER, longest);
		assert_null(parse());
		assert_int_equal(strlen(info.cmdline), BOOT_STRING_MAX - 1);
		assert_int_equal(cut_texts(&info), 2 - i);
		assert_int_equal(strlen(info.loader), BOOT_LOADER_MAX - 1);
	}
}

static void test_unterminated(void **state)
{
	(void)state;
	begin_block(0x10000);
	put_memory();
	begin_tag(T_CMDLINE);
	put_bytes("endless", 7);
	end_tag();
	block_end++; /* the padding is no terminator of ours to use */
	window[block_end - 1] = 'X';
	put_module_tag(0x10000, 0x10010, "");
	begin_tag(T_MODULE);
	put_u32(0x10000);
	put_u32(0x10010);
	end_tag(); /* without any text */
	end_block();
	assert_null(parse());
	assert_string_equal(info.cmdline, "endless");
	assert_int_equal(info.module_count, 2);
	assert_string_equal(info.module[0].text, "");
	assert_string_equal(info.module[1].text, "");
	assert_int_equal(cut_texts(&info), 2);
}

static void test_modules(void **state)
{
	(void)state;
	begin_block(0x10000);
	put_memory();
	put_module_tag(0x10100, 0x10200, "first role=kernel");
	put_module_tag(0x10200, 0x101ff, "backwards");
	put_module_tag(0x10000, 0x10000 + WINDOW_SIZE + 1, "unreadable");
	put_module_tag(0x500, 0x500, "empty");
	begin_tag(T_MODULE);
	put_u32(0x10000);
	end_tag(); /* without an end */
	end_block();
	assert_null(parse());
	assert_int_equal(info.module_count, 2);
	assert_int_equal(dropped(&info), 3);
	assert_int_equal(hpa_raw(info.module[0].base), 0x10100);
	assert_int_equal(info.module[0].size, 0x100);
	assert_string_equal(info.module[0].text, "first role=kernel");
	assert_int_equal(info.module[1].size, 0);
	assert_int_equal(info.map.count, 2);
	assert_range(1, 0x10100, 0x100, MEM_IN_USE);
}

static void test_too_many_modules(void **state)
{
	(void)state;
	begin_block(0x10000);
	put_memory();
	for (u32 i = 0; i < BOOT_MODULES_MAX + 3; i++) {
		put_module_tag(0x10000 + i, 0x10001 + i, "m");
	}
	end_block();
	assert_null(parse());
	assert_int_equal(info.module_count, BOOT_MODULES_MAX);
	assert_int_equal(dropped(&info), 3);
}

/* What was left out or cut, and which it was. */
static void test_notes(void **state)
{
	(void)state;
	begin_block(0x10000);
	begin_mmap(24);
	for (u32 i = 0; i < MEMMAP_MAX + 3; i++) {
		put_entry(24, i * 0x2000, 0x1000, 1);
	}
	put_u32(0); /* of one more */
	end_tag();
	begin_tag(T_CMDLINE);
	end_tag();
	put_module_tag(0x10100, 0x10100, "first");
	put_module_tag(0x10200, 0x101ff, "backwards");
	begin_tag(T_MODULE);
	put_u32(0x10000);
	end_tag();
	begin_tag(T_MODULE);
	put_u32(0x10000);
	put_u32(0x10000);
	end_tag();
	put_module_tag(0x10100, 0x10200, "full");
	begin_mmap(23);
	end_tag();
	begin_tag(T_LOADER);
	end_tag();
	put32(tag_start + 4, 0x1000);
	assert_null(parse());
	assert_int_equal(info.module_count, 2);
	assert_int_equal(info.module[1].number, 4);
	assert_int_equal(info.note_count, 9);
	assert_note(&info, 0, BOOT_MEMORY_ENTRY, 129, 131,
		    "no room for more than 128: left out");
	assert_note(&info, 1, BOOT_MEMORY_ENTRY, 132, 132, BOOT_BAD_SIZE);
	assert_note(&info, 2, BOOT_COMMAND_LINE, 0, 0, BOOT_CUT);
	assert_note(&info, 3, BOOT_MODULE, 2, 2,
		    "ends before it begins: left out");
	assert_note(&info, 4, BOOT_MODULE, 3, 3,
		    "its tag is too short: left out");
	assert_note(&info, 5, BOOT_MODULE, 4, 4, BOOT_CUT);
	assert_note(&info, 6, BOOT_MODULE, 5, 5,
		    "no room in the memory map: left out");
	assert_note(&info, 7, BOOT_MEMORY_ENTRY, 1, 1, BOOT_BAD_SIZE);
	assert_note(&info, 8, "information tag", 9, 9, BOOT_BAD_SIZE);
}

static enum boot_screen screen_of(u8 type, u32 colour_bytes)
{
	begin_block(0x10000);
	put_memory();
	put_framebuffer(type, 32, colour_bytes);
	end_block();
	assert_null(parse());
	return info.screen.kind;
}

static void test_framebuffer(void **state)
{
	(void)state;
	begin_block(0x10000);
	put_memory();
	assert_null(parse());
	assert_int_equal(info.screen.kind, BOOT_SCREEN_UNKNOWN);
	/* Indexed, direct colours, text, and what nobody has invented yet. */
	assert_int_equal(screen_of(0, 6), BOOT_SCREEN_OTHER);
	assert_int_equal(screen_of(2, 0), BOOT_SCREEN_TEXT);
	assert_int_equal(info.screen.width, 1024);
	assert_int_equal(info.map.count, 1);
	assert_int_equal(screen_of(3, 6), BOOT_SCREEN_OTHER);
	assert_int_equal(screen_of(1, 5), BOOT_SCREEN_OTHER);
	assert_int_equal(screen_of(1, 6), BOOT_SCREEN_PIXELS);
	assert_true(hpa_raw(info.screen.base) == 0x4fd000000ull);
	assert_int_equal(info.screen.pitch, 4100);
	assert_int_equal(info.screen.width, 1024);
	assert_int_equal(info.screen.height, 768);
	assert_int_equal(info.screen.bpp, 32);
	assert_int_equal(info.screen.red.shift, 16);
	assert_int_equal(info.screen.red.bits, 8);
	assert_int_equal(info.screen.green.shift, 8);
	assert_int_equal(info.screen.green.bits, 7);
	assert_int_equal(info.screen.blue.shift, 0);
	assert_int_equal(info.screen.blue.bits, 6);
	assert_range(1, 0x4fd000000ull, 4100 * 768, MEM_RESERVED);
	/* A tag that ends too early says nothing. */
	begin_block(0x10000);
	put_memory();
	put_framebuffer(1, 32, 6);
	put32(tag_start + 4, 8 + 23);
	assert_null(parse());
	assert_int_equal(info.screen.kind, BOOT_SCREEN_UNKNOWN);
}

static void assert_rsdp(u8 fill, u32 len)
{
	end_block();
	assert_null(parse());
	assert_int_equal(info.rsdp_len, len);
	for (u32 i = 0; i < BOOT_RSDP_MAX; i++) {
		assert_int_equal(info.rsdp[i], i < len ? fill : 0);
	}
	begin_block(0x10000);
	put_memory();
}

static void test_rsdp(void **state)
{
	(void)state;
	begin_block(0x10000);
	put_memory();
	assert_rsdp(0, 0);
	put_rsdp(T_ACPI_OLD, 1, 19);
	put_rsdp(T_ACPI_NEW, 2, 19);
	assert_rsdp(0, 0);
	put_rsdp(T_ACPI_OLD, 1, 20);
	assert_rsdp(1, 20);
	put_rsdp(T_ACPI_OLD, 1, 36);
	assert_rsdp(1, 20);
	put_rsdp(T_ACPI_NEW, 2, 36);
	assert_rsdp(2, 36);
	put_rsdp(T_ACPI_NEW, 2, 100);
	assert_rsdp(2, 36);
	put_rsdp(T_ACPI_OLD, 1, 20);
	put_rsdp(T_ACPI_NEW, 2, 36);
	assert_rsdp(2, 36);
	put_rsdp(T_ACPI_NEW, 2, 36);
	put_rsdp(T_ACPI_OLD, 1, 20);
	assert_rsdp(2, 36);
}

/* What follows a tag of impossible size, or the end tag, is not read. */
static void test_tag_sizes(void **state)
{
	static const u32 bad[] = { 0, 7, 0x7fffffff, 0xfffffff8u, 0xffffffffu };

	(void)state;
	for (u32 i = 0; i < ARRAY_SIZE(bad); i++) {
		begin_block(0x10000);
		put_memory();
		begin_tag(77);
		end_tag();
		put32(tag_start + 4, bad[i]);
		put_text_tag(T_CMDLINE, "unseen");
		end_block();
		assert_null(parse());
		assert_string_equal(info.cmdline, "");
	}
	begin_block(0x10000);
	put_memory();
	end_block();
	put_text_tag(T_CMDLINE, "unseen");
	assert_null(parse());
	assert_string_equal(info.cmdline, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_mmap),
		cmocka_unit_test(test_mmap_bad_sizes),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_unterminated),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_too_many_modules),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_framebuffer),
		cmocka_unit_test(test_rsdp),
		cmocka_unit_test(test_tag_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
