/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fake loader memory that holds a Multiboot 1 information block, and the
 * functions to fill it.
 *
 * It is a small window somewhere below 4 GiB. Each read gets its own
 * allocation of exactly the bytes asked for, released at the next read, so
 * AddressSanitizer sees reads that go too far and pointers that are kept.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "hv/lib/types.h"

#define WINDOW_SIZE 0x8000u
#define READS_MAX   60000u /* far above what any block may cost */

/* Offsets in the window where the tests put things. */
#define AT_INFO 0x100u
#define AT_MMAP 0x400u
#define AT_MODS 0x1000u
#define AT_TEXT 0x2000u
#define AT_DATA 0x6000u

/* Multiboot 3.3: offsets in the information structure, and its flags. */
#define MBI_FLAGS	0u
#define MBI_MEM_LOWER	4u
#define MBI_MEM_UPPER	8u
#define MBI_CMDLINE	16u
#define MBI_MODS_COUNT	20u
#define MBI_MODS_ADDR	24u
#define MBI_MMAP_LENGTH 44u
#define MBI_MMAP_ADDR	48u
#define MBI_LOADER	64u
#define F_MEMORY	0x1u
#define F_CMDLINE	0x4u
#define F_MODULES	0x8u
#define F_MMAP		0x40u
#define F_LOADER	0x200u

static u8 window[WINDOW_SIZE];
static u32 window_base;
static u32 window_end; /* offset of the first unreadable byte */
static u32 reads;
static void *last_read;

static inline const void *fake_phys(u32 addr, u32 len)
{
	free(last_read);
	last_read = NULL;
	assert_int_not_equal(len, 0);
	assert_true(len - 1 <= ~addr);
	assert_true(++reads < READS_MAX);
	if (addr < window_base || addr - window_base > window_end ||
	    len > window_end - (addr - window_base)) {
		return NULL;
	}
	last_read = malloc(len);
	assert_non_null(last_read);
	memcpy(last_read, window + (addr - window_base), len);
	return last_read;
}

static inline void put32(u32 offset, u32 value)
{
	memcpy(window + offset, &value, 4);
}

static inline void mbi(u32 field, u32 value)
{
	put32(AT_INFO + field, value);
}

static inline void mbi_flag(u32 flag)
{
	u32 flags;

	memcpy(&flags, window + AT_INFO, 4);
	mbi(MBI_FLAGS, flags | flag);
}

static u32 mmap_bytes;

static inline void put_mmap(u32 size, u64 base, u64 len, u32 type)
{
	u32 at = AT_MMAP + mmap_bytes;

	put32(at, size);
	put32(at + 4, (u32)base);
	put32(at + 8, (u32)(base >> 32));
	put32(at + 12, (u32)len);
	put32(at + 16, (u32)(len >> 32));
	put32(at + 20, type);
	mmap_bytes += size + 4;
	mbi_flag(F_MMAP);
	mbi(MBI_MMAP_ADDR, window_base + AT_MMAP);
	mbi(MBI_MMAP_LENGTH, mmap_bytes);
}

static inline void put_module(u32 i, u32 start, u32 end, u32 text)
{
	put32(AT_MODS + 16 * i, start);
	put32(AT_MODS + 16 * i + 4, end);
	put32(AT_MODS + 16 * i + 8, text);
	mbi_flag(F_MODULES);
	mbi(MBI_MODS_ADDR, window_base + AT_MODS);
	mbi(MBI_MODS_COUNT, i + 1);
}

static inline u32 put_text(u32 offset, const char *s)
{
	memcpy(window + AT_TEXT + offset, s, strlen(s) + 1);
	return window_base + AT_TEXT + offset;
}

/* Start over: a zeroed window at @base, an information block in it. */
static inline void fresh(u32 base)
{
	memset(window, 0, sizeof(window));
	window_base = base;
	window_end = WINDOW_SIZE;
	mmap_bytes = 0;
}
