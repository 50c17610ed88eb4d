/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A Multiboot 2 information block in the fake loader memory of mb_block.h,
 * and what its reader makes of it.
 */
#pragma once

#include "boot/multiboot2.h"
#include "test/host/mb_block.h"

/* Multiboot2 3.6: tag types. */
#define T_CMDLINE     1
#define T_LOADER      2
#define T_MODULE      3
#define T_MMAP	      6
#define T_FRAMEBUFFER 8
#define T_ACPI_OLD    14
#define T_ACPI_NEW    15

static struct boot_info info;
static u32 block_end; /* offset in the window behind the last tag */

static inline const char *parse(void)
{
	const char *why;

	reads = 0;
	/* What is not set by the parser must not go unnoticed. */
	memset(&info, 0xa5, sizeof(info));
	why = multiboot2_parse(window_base + AT_INFO, fake_read, &info);
	return why;
}

static inline void put_bytes(const void *bytes, u32 len)
{
	memcpy(window + block_end, bytes, len);
	block_end += len;
}

static inline void put_u32(u32 value)
{
	put_bytes(&value, 4);
}

static inline void put_u64(u64 value)
{
	put_bytes(&value, 8);
}

static u32 tag_start;

static inline void begin_tag(u32 type)
{
	block_end = (block_end + 7) / 8 * 8;
	tag_start = block_end;
	put_u32(type);
	put_u32(0);
}

static inline void end_tag(void)
{
	put32(tag_start + 4, block_end - tag_start);
	put32(AT_INFO, block_end - AT_INFO);
}

static inline void begin_block(u32 base)
{
	fresh(base);
	block_end = AT_INFO + 8;
	put32(AT_INFO, 8);
}

static inline void end_block(void)
{
	begin_tag(0);
	end_tag();
}

static inline void put_text_tag(u32 type, const char *text)
{
	begin_tag(type);
	put_bytes(text, (u32)strlen(text) + 1);
	end_tag();
}

static inline void put_module_tag(u32 start, u32 end, const char *text)
{
	begin_tag(T_MODULE);
	put_u32(start);
	put_u32(end);
	put_bytes(text, (u32)strlen(text) + 1);
	end_tag();
}

static inline void begin_mmap(u32 entry_size)
{
	begin_tag(T_MMAP);
	put_u32(entry_size);
	put_u32(0);
}

static inline void put_entry(u32 entry_size, u64 base, u64 len, u32 type)
{
	u32 next = block_end + entry_size;

	put_u64(base);
	put_u64(len);
	put_u32(type);
	block_end = next;
}

/* The map every block needs to be bootable. */
static inline void put_memory(void)
{
	begin_mmap(24);
	put_entry(24, 0, 0x9f000, 1);
	end_tag();
}

static inline void put_framebuffer(u8 type, u8 bpp, u32 colour_bytes)
{
	static const u8 rgb[6] = { 16, 8, 8, 7, 0, 6 };

	begin_tag(T_FRAMEBUFFER);
	put_u64(0x4fd000000ull);
	put_u32(4100);
	put_u32(1024);
	put_u32(768);
	put_bytes((u8[]){ bpp, type, 0, 0 }, 4);
	put_bytes(rgb, colour_bytes);
	end_tag();
}

static inline void assert_range(u32 i, u64 base, u64 len, enum mem_kind kind)
{
	assert_true(i < info.map.count);
	assert_int_equal(info.map.range[i].base, base);
	assert_int_equal(info.map.range[i].len, len);
	assert_int_equal(info.map.range[i].kind, kind);
}

static inline void put_rsdp(u32 type, u8 fill, u32 len)
{
	begin_tag(type);
	memset(window + block_end, fill, len);
	block_end += len;
	end_tag();
}
