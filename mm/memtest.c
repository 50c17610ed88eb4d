/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trying memory before it is used: a map may come from a loader that was
 * told wrong, or from firmware that counts what a board cannot reach.
 *
 * A range is cut where MEMTEST_STEP divides, so that of one whose end is not
 * there only that end is lost.
 *
 * I1  Only AVAILABLE memory is touched: modules and the image are in use.
 *
 * LIMIT: an address that reaches other memory than its own passes.
 *
 * Next: mm/memprobe.c, which reaches the memory.
 */
#include "mm/memtest.h"

#define PATTERN 0x5a3c96a5u

bool memtest_word(volatile u32 p[MEMTEST_BYTES / sizeof(u32)])
{
	const u32 old[] = { p[0], p[1] };
	bool works;

	/* The second write drives the bus: memory alone keeps the first. */
	p[0] = PATTERN;
	p[1] = ~PATTERN;
	works = p[0] == PATTERN && p[1] == ~PATTERN;
	p[0] = ~PATTERN;
	p[1] = PATTERN;
	works = works && p[0] == ~PATTERN && p[1] == PATTERN;
	p[0] = old[0];
	p[1] = old[1];
	return works;
}

static void reserve(struct memmap *m, u64 base, u64 end,
		    void (*left_out)(u64 base, u64 end))
{
	if (base < end) {
		memmap_add(m, base, end - base, MEM_RESERVED);
		left_out(base, end);
	}
}

static void try_range(struct memmap *m, u64 base, u64 end,
		      bool (*works)(u64 addr),
		      void (*left_out)(u64 base, u64 end))
{
	u64 bad = base; /* [bad, base) is not there */

	while (base < end) {
		u64 next = min_u64(
			ROUND_DOWN(base, MEMTEST_STEP) + MEMTEST_STEP, end);

		if (works(base) && works(next - MEMTEST_BYTES)) {
			reserve(m, bad, base, left_out);
			bad = next;
		}
		base = next;
	}
	reserve(m, bad, end, left_out);
}

void memtest_map(struct memmap *m, bool (*works)(u64 addr),
		 void (*left_out)(u64 base, u64 end))
{
	/* What is added on the way is behind these. */
	const u32 count = m->count;

	for (u32 i = 0; i < count; i++) {
		const struct mem_range r = m->range[i];

		if (r.kind == MEM_AVAILABLE) {
			try_range(m, r.base, r.base + r.len, works, left_out);
		}
	}
}
