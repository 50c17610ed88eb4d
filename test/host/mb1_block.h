/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the reader of Multiboot 1 information makes of a block in the fake
 * loader memory of mb_block.h.
 */
#pragma once

#include "boot/multiboot.h"
#include "test/host/mb_block.h"

static struct boot_info info;

static inline const char *parse(void)
{
	const char *why;

	reads = 0;
	/* What is not set by the parser must not go unnoticed. */
	memset(&info, 0xa5, sizeof(info));
	why = multiboot1_parse(window_base + AT_INFO, fake_read, &info);
	return why;
}

static inline void assert_range(u32 i, u64 base, u64 len, enum mem_kind kind)
{
	assert_true(i < info.map.count);
	assert_int_equal(info.map.range[i].base, base);
	assert_int_equal(info.map.range[i].len, len);
	assert_int_equal(info.map.range[i].kind, kind);
}
