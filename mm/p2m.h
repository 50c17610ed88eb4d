/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's physical memory: from guest frame to machine frame.
 */
#pragma once

#include "mm/addr.h"
#include "mm/pfa.h"

enum p2m_type {
	P2M_NONE, /* no memory there */
	P2M_RAM,
};

struct p2m {
	struct pfa *pfa;
	u32 *entry; /* [all_frames] */
	u32 entry_order;
	u32 ram_frames; /* RAM is guest frames [0, ram_frames) */
	u32 all_frames; /* those and the ones held back, see p2m_limit() */

	/* Told about writes to watched frames; set by their owner. */
	void (*on_write)(void *ctx, gfn_t f);
	void *on_write_ctx;
};

/*
 * Give the guest @ram_frames frames of RAM. Frames in the low zone are
 * preferred as long as @low_reserve free ones remain there. Contents read as
 * zero. Returns 0, or -1 when memory does not suffice (nothing is kept).
 */
int p2m_init(struct p2m *p, struct pfa *pfa, u32 ram_frames, u32 low_reserve)
	__must_check;

/* Make all of RAM read as zero again, as for a restart. */
void p2m_clear(struct p2m *p);

/*
 * Hold back what p2m_init() gave, but for guest frames [0, @frames), or give
 * it again. No frame beyond is in use.
 */
void p2m_limit(struct p2m *p, u32 frames);

/* Report writes to RAM frame @f through on_write(), or no longer. */
void p2m_watch_writes(struct p2m *p, gfn_t f, bool is_watched);

/* Slow path of p2m_lookup(): zero a frame before its first use. */
__cold_path mfn_t p2m_first_use(struct p2m *p, gfn_t f);

/*
 * Entries: machine frame << P2M_SHIFT | flags. A frame is zeroed at its
 * first look-up, not when the guest starts: nobody waits for memory that is
 * never touched.
 */
#define P2M_SHIFT   4
#define P2M_ZEROED  1u
#define P2M_WATCHED 2u /* writes by anybody but the guest are reported */

/* What is at guest frame @f; for P2M_RAM, its machine frame in *@out. */
static inline enum p2m_type p2m_lookup(struct p2m *p, gfn_t f, mfn_t *out)
{
	u32 e;

	if (unlikely(gfn_raw(f) >= p->ram_frames)) {
		return P2M_NONE;
	}
	e = p->entry[gfn_raw(f)];
	*out = likely(e & P2M_ZEROED) ? mk_mfn(e >> P2M_SHIFT)
				      : p2m_first_use(p, f);
	return P2M_RAM;
}

/* Umbra is about to write to RAM frame @f. */
static inline void p2m_note_write(struct p2m *p, gfn_t f)
{
	if (unlikely(p->entry[gfn_raw(f)] & P2M_WATCHED)) {
		p->on_write(p->on_write_ctx, f);
	}
}
