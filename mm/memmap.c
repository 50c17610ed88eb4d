// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The machine's memory map, from what a boot loader claims to what the frame
 * allocator may believe.
 *
 * Owns: the rules for conflicting claims. It distrusts every number: firmware
 * maps are known to be unsorted, to overlap, to hold empty ranges and ranges
 * that wrap.
 *
 * I1  base + len of a recorded range never wraps, so an end is a plain sum.
 * I2  After sanitising, no byte of an AVAILABLE range was ever claimed as
 *     anything else: when in doubt, memory is lost and never misused.
 *
 * Next: mm/pfa.c, which turns the sanitised map into free frames.
 */
#include "mm/memmap.h"

#include <string.h>

static u64 range_end(const struct mem_range *r)
{
	return r->base + r->len;
}

bool memmap_add(struct memmap *m, u64 base, u64 len, enum mem_kind kind)
{
	/* ~base bytes end at 2^64 - 1: keeps I1, and no RAM is up there. */
	len = min_u64(len, ~base);
	if (len == 0) {
		return true;
	}
	if (m->count == MEMMAP_MAX) {
		m->dropped++;
		m->unsafe = m->unsafe || kind != MEM_AVAILABLE;
		return false;
	}
	m->range[m->count++] = (struct mem_range){ base, len, kind };
	return true;
}

/* Cut @r at @limit, a multiple of the page size, and align both its ends. */
static void page_align(struct mem_range *r, u64 limit)
{
	u64 end;

	if (r->base >= limit) {
		r->len = 0;
		return;
	}
	/* No end exceeds @limit, which is aligned: rounding up cannot wrap. */
	end = r->base + min_u64(r->len, limit - r->base);
	if (r->kind == MEM_AVAILABLE) {
		r->base = ROUND_UP(r->base, PAGE_SIZE);
		end = max_u64(ROUND_DOWN(end, PAGE_SIZE), r->base);
	} else {
		r->base = ROUND_DOWN(r->base, PAGE_SIZE);
		end = ROUND_UP(end, PAGE_SIZE);
	}
	r->len = end - r->base;
}

/*
 * The lowest start or end of a range above @pos; @pos when there is none.
 * Empty ranges count too: a boundary too many changes nothing.
 */
static u64 next_boundary(const struct memmap *m, u64 pos)
{
	u64 best = ~(u64)0;

	for (u32 i = 0; i < m->count; i++) {
		const struct mem_range *r = &m->range[i];

		if (r->base > pos) {
			best = min_u64(best, r->base);
		}
		if (range_end(r) > pos) {
			best = min_u64(best, range_end(r));
		}
	}
	/* No range that memmap_add() let in has a boundary up there. */
	return best == ~(u64)0 ? pos : best;
}

/*
 * Decide what the byte at @pos is. Returns false when nobody claims it.
 * IN_USE needs no AVAILABLE below it: then a sanitised map, from which that
 * AVAILABLE range is gone, can be sanitised again.
 */
static bool kind_at(const struct memmap *m, u64 pos, enum mem_kind *kind)
{
	bool claimed = false;

	for (u32 i = 0; i < m->count; i++) {
		const struct mem_range *r = &m->range[i];

		if (pos < r->base || pos - r->base >= r->len) {
			continue;
		}
		if (r->kind == MEM_RESERVED) {
			*kind = MEM_RESERVED;
			return true;
		}
		if (!claimed || r->kind == MEM_IN_USE) {
			*kind = r->kind;
		}
		claimed = true;
	}
	return claimed;
}

/* Append [base, end) to a map that is built in ascending order. */
static void append(struct memmap *m, u64 base, u64 end, enum mem_kind kind)
{
	struct mem_range *last = m->count ? &m->range[m->count - 1] : NULL;

	if (last && last->kind == kind && range_end(last) == base) {
		last->len += end - base;
	} else {
		memmap_add(m, base, end - base, kind);
	}
}

/*
 * A sweep from one boundary to the next: between two of them no claim
 * changes. It looks at all ranges for each boundary, which needs no sorting
 * and is cheap for MEMMAP_MAX of them.
 */
int memmap_sanitise(struct memmap *m, u64 limit)
{
	/* Too big for the stack. */
	static struct memmap out;
	enum mem_kind kind = MEM_RESERVED;
	u64 pos = 0;
	u64 next;

	for (u32 i = 0; i < m->count; i++) {
		page_align(&m->range[i], ROUND_DOWN(limit, PAGE_SIZE));
	}
	memset(&out, 0, sizeof(out));
	out.dropped = m->dropped;
	out.unsafe = m->unsafe;
	while ((next = next_boundary(m, pos)) != pos) {
		if (kind_at(m, pos, &kind)) {
			append(&out, pos, next, kind);
		}
		pos = next;
	}
	*m = out;
	return m->unsafe ? -1 : 0;
}

bool memmap_is(const struct memmap *m, u64 base, u64 len, enum mem_kind kind)
{
	for (u32 i = 0; i < m->count; i++) {
		const struct mem_range *r = &m->range[i];

		if (r->kind == kind && base >= r->base &&
		    base - r->base <= r->len &&
		    len <= r->len - (base - r->base)) {
			return true;
		}
	}
	return false;
}

/* The end of an AVAILABLE range that @pos is in, or @pos. */
static u64 end_around(const struct memmap *m, u64 pos)
{
	for (u32 i = 0; i < m->count; i++) {
		const struct mem_range *r = &m->range[i];

		if (r->kind == MEM_AVAILABLE && pos >= r->base &&
		    pos < range_end(r)) {
			return range_end(r);
		}
	}
	return pos;
}

bool memmap_covers(const struct memmap *m, u64 base, u64 len)
{
	const u64 end = base + len;

	while (base < end) {
		u64 next = end_around(m, base);

		if (next == base) {
			return false;
		}
		base = next;
	}
	return true;
}

u64 memmap_total(const struct memmap *m, enum mem_kind kind)
{
	u64 total = 0;

	for (u32 i = 0; i < m->count; i++) {
		if (m->range[i].kind == kind) {
			total += m->range[i].len;
		}
	}
	return total;
}
