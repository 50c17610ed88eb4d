/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fake loader memory that holds a Multiboot 1 information block, and the
 * functions to fill it.
 *
 * It is a small window somewhere below 4 GiB, at 0 as well.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "boot/loader.h"

#define WINDOW_SIZE 0x10000u
#define READS_MAX   400000u /* far above what any block may cost */

/* Offsets in the window where the tests put things. */
#define AT_INFO 0x100u
#define AT_MMAP 0x400u
#define AT_MODS 0x2000u
#define AT_TEXT 0x4000u
#define AT_DATA 0xe000u

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

static inline bool fake_read(void *dst, u32 addr, u32 len)
{
	assert_int_not_equal(len, 0);
	assert_true(len - 1 <= ~addr);
	assert_true(++reads < READS_MAX);
	if (addr < window_base || addr - window_base > window_end ||
	    len > window_end - (addr - window_base)) {
		return false;
	}
	if (dst) {
		memcpy(dst, window + (addr - window_base), len);
	}
	return true;
}

/* One byte of loader memory, -1 when unreadable. */
static inline int byte_at(u64 addr)
{
	return addr >= window_base && addr < (u64)window_base + window_end
		       ? window[addr - window_base]
		       : -1;
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

/* Notes of @info about cut texts, or about modules that were left out. */
static inline u32 noted(const struct boot_info *info, bool is_cut)
{
	u32 sum = 0;

	assert_int_equal(info->notes_lost, 0);
	for (u32 i = 0; i < info->note_count; i++) {
		const struct boot_note *n = &info->note[i];
		bool is_module = strcmp(n->subject, BOOT_MODULE) == 0;

		if (is_cut ? strcmp(n->why, BOOT_CUT) == 0
			   : is_module && strcmp(n->why, BOOT_CUT) != 0) {
			sum += n->last - n->first + 1;
		}
	}
	return sum;
}

static inline u32 cut_texts(const struct boot_info *info)
{
	return noted(info, true);
}

static inline u32 dropped(const struct boot_info *info)
{
	return noted(info, false);
}

static inline void assert_note(const struct boot_info *info, u32 i,
			       const char *subject, u32 first, u32 last,
			       const char *why)
{
	assert_true(i < info->note_count);
	assert_string_equal(info->note[i].subject, subject);
	assert_int_equal(info->note[i].first, first);
	assert_int_equal(info->note[i].last, last);
	assert_string_equal(info->note[i].why, why);
}
