/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is the memory there that the map claims?
 */
#pragma once

#include "mm/memmap.h"

/* Memory is tried at the ends of each range, and wherever this divides. */
#define MEMTEST_STEP 0x4000000u

/* Bytes that are written and read back, naturally aligned. */
#define MEMTEST_BYTES 8u

/*
 * Try every AVAILABLE range of the sanitised map @m, in pieces of at most
 * MEMTEST_STEP bytes. A piece is reserved unless @works holds for its first
 * and its last MEMTEST_BYTES, called with their host-physical address; all
 * others are left alone. @left_out is told of each stretch that was reserved,
 * [@base, @end). The map must be sanitised again.
 */
void memtest_map(struct memmap *m, bool (*works)(u64 addr),
		 void (*left_out)(u64 base, u64 end));

/*
 * Does the memory at @p keep what is written? What was there is put back. The
 * caller keeps caches out of it.
 */
bool memtest_word(volatile u32 p[MEMTEST_BYTES / sizeof(u32)]);
