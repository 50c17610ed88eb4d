/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's memory map: what the loader said, made trustworthy.
 */
#pragma once

#include "mm/addr.h"

enum mem_kind {
	MEM_AVAILABLE, /* RAM that anybody may use */
	MEM_RESERVED,  /* not RAM, or RAM we must not touch */
	MEM_IN_USE,    /* RAM that holds the image, modules, boot data */
};

/* One range of host-physical bytes, [base, base + len). Never wraps. */
struct mem_range {
	u64 base;
	u64 len;
	enum mem_kind kind;
};

#define MEMMAP_MAX 128

/*
 * Ranges as they are collected; all zero is the empty map. After
 * memmap_sanitise(): sorted, disjoint, page aligned, none empty, neighbours
 * of one kind merged. A page claimed as reserved is reserved, whatever else
 * was said of it; otherwise one claimed as in use is in use.
 */
struct memmap {
	u32 count;
	u32 dropped; /* ranges that found no room */
	bool unsafe; /* one of them was not AVAILABLE */
	struct mem_range range[MEMMAP_MAX];
};

/*
 * Add a range of @len bytes at host-physical @base. Any values are legal: an
 * empty range is ignored, one that wraps is clipped at the end of the 64-bit
 * space. Returns false when the map is full, which counts in dropped; to
 * stay safe, a RESERVED or IN_USE range that does not fit makes
 * memmap_sanitise() fail.
 */
bool memmap_add(struct memmap *m, u64 base, u64 len, enum mem_kind kind);

/*
 * Bring the map into the form stated at struct memmap. Each AVAILABLE range
 * shrinks to whole pages, others grow to whole pages. Everything at or above
 * host-physical byte @limit is cut off. A sanitised map may be added to and
 * sanitised again. Returns 0, or -1 when a range that had to be kept out of
 * AVAILABLE could not be recorded. Boot only: not reentrant.
 */
int memmap_sanitise(struct memmap *m, u64 limit) __must_check;

/* Is all of [@base, @base + @len) of one @kind? The map must be sanitised. */
bool memmap_is(const struct memmap *m, u64 base, u64 len, enum mem_kind kind);

/*
 * Do the AVAILABLE ranges of a map that is not sanitised cover all of
 * [@base, @base + @len), which does not wrap?
 */
bool memmap_covers(const struct memmap *m, u64 base, u64 len);

/* Bytes of one kind; in a map that is not sanitised, some may count twice. */
u64 memmap_total(const struct memmap *m, enum mem_kind kind);
