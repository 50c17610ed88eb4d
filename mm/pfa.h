/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page-frame allocator: every frame of RAM, who owns it, and a buddy system
 * over the free ones. Two zones: low frames lie in the hypervisor's one to
 * one map and serve everybody, high frames serve only guests.
 */
#pragma once

#include "mm/addr.h"
#include "mm/memmap.h"

enum frame_owner {
	FRAME_NONE,   /* not RAM, or reserved by firmware */
	FRAME_FREE,   /* in the buddy system */
	FRAME_HV,     /* hypervisor image, heap, modules */
	FRAME_GUEST,  /* memory of a guest */
	FRAME_SHADOW, /* shadow page tables */
	FRAME_OWNERS,
};

enum pfa_zone {
	PFA_LOW,  /* below the low limit only */
	PFA_ANY,  /* low first, then high */
	PFA_HIGH, /* high first, then low */
};

#define PFA_MAX_ORDER 10 /* 4 MiB */
#define PFA_ZONES     2	 /* [0] low, [1] high */

/* Frame numbers are kept in 24 bits: 64 GiB, all that PAE of its age has. */
#define PFA_MFN_LIMIT (1u << 24)

struct pfa_frame;

/* One machine's frames. Private to pfa.c; here so that it can be static. */
struct pfa {
	struct pfa_frame *frame; /* [max_mfn] */
	u32 max_mfn;
	u32 low_limit;
	u32 free[PFA_ZONES][PFA_MAX_ORDER + 1]; /* list heads, 0 is empty */
	u32 count[FRAME_OWNERS];
	u32 count_low[FRAME_OWNERS];
};

/*
 * Bytes of frame table needed for a machine whose highest frame is
 * @max_mfn - 1. The caller finds that much low memory for it.
 */
size_t pfa_table_size(u32 max_mfn);

/*
 * Set up the allocator over a sanitised map. @table is
 * pfa_table_size(@max_mfn) bytes, aligned to 8, zero-filled or not. Frames of
 * MEM_AVAILABLE become free, those of MEM_IN_USE belong to FRAME_HV, all
 * others to FRAME_NONE. Frame 0 is never free. Frames from @max_mfn or
 * PFA_MFN_LIMIT on are left out.
 * @low_limit: frames below it are the low zone.
 */
void pfa_init(struct pfa *p, void *table, u32 max_mfn, u32 low_limit,
	      const struct memmap *map);

/* The order of a block of @bytes. */
static inline u32 pfa_order(u32 bytes)
{
	u32 order = 0;

	while (PAGE_SIZE << order < bytes) {
		order++;
	}
	return order;
}

/*
 * Take 2^@order frames, contiguous, naturally aligned and in one zone, for
 * @owner. Returns the first one, or INVALID_mfn when there is none. Contents
 * are undefined.
 */
mfn_t pfa_alloc(struct pfa *p, u32 order, enum pfa_zone zone,
		enum frame_owner owner) __must_check;

/*
 * Give back 2^@order frames, naturally aligned, that were taken together or
 * apart. Panics when one of them is not owned by @owner (double free, foreign
 * free).
 */
void pfa_free(struct pfa *p, mfn_t first, u32 order, enum frame_owner owner);

/* Owner of a frame; FRAME_NONE for any number beyond the table. */
enum frame_owner pfa_owner(const struct pfa *p, mfn_t f);

/* Frames owned by @owner, in total or below the low limit only. */
u32 pfa_count(const struct pfa *p, enum frame_owner owner);
u32 pfa_count_low(const struct pfa *p, enum frame_owner owner);

const char *frame_owner_name(enum frame_owner owner);
