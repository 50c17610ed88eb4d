/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Guest-physical memory.
 *
 * I1  Every frame in the table is owned by FRAME_GUEST and is in no other
 *     place of this or another table.
 * I2  A machine frame leaves this file only after it was zeroed for this
 *     guest since the last p2m_clear(): no guest sees what was there before.
 *
 * Next: mm/gaccess.c.
 */
#include "mm/p2m.h"

#include <string.h>

#include "hv/lib/panic.h"
#include "mm/hvmap.h"

/* Take the largest block of at most @max frames that there is. */
static mfn_t take_block(struct p2m *p, u32 max, u32 low_reserve, u32 *order)
{
	for (u32 o = PFA_MAX_ORDER + 1; o-- > 0;) {
		u32 frames = 1u << o;
		u32 low = pfa_count_low(p->pfa, FRAME_FREE);
		bool can_use_low = low >= frames && low - frames >= low_reserve;
		mfn_t f;

		if (frames > max) {
			continue;
		}
		f = pfa_alloc(p->pfa, o, can_use_low ? PFA_ANY : PFA_HIGH,
			      FRAME_GUEST);
		if (!mfn_eq(f, INVALID_mfn)) {
			*order = o;
			return f;
		}
	}
	return INVALID_mfn;
}

/* Give back what there is of it. */
static void give_back(struct p2m *p)
{
	for (u32 i = 0; i < p->all_frames; i++) {
		pfa_free(p->pfa, mk_mfn(p->entry[i] >> P2M_SHIFT), 0,
			 FRAME_GUEST);
	}
	pfa_free(p->pfa, hvmap_frame_of(p->entry), p->entry_order, FRAME_HV);
	*p = (struct p2m){ .pfa = p->pfa };
}

int p2m_init(struct p2m *p, struct pfa *pfa, u32 ram_frames, u32 low_reserve)
{
	u32 order = pfa_order(ram_frames * sizeof(u32));
	mfn_t table = pfa_alloc(pfa, order, PFA_LOW, FRAME_HV);

	*p = (struct p2m){ .pfa = pfa, .entry_order = order };
	if (mfn_eq(table, INVALID_mfn)) {
		return -1;
	}
	p->entry = hvmap_page(table);
	while (p->ram_frames < ram_frames) {
		mfn_t f = take_block(p, ram_frames - p->ram_frames, low_reserve,
				     &order);

		if (mfn_eq(f, INVALID_mfn)) {
			give_back(p);
			return -1;
		}
		for (u32 i = 0; i < 1u << order; i++) {
			p->entry[p->ram_frames++] = (mfn_raw(f) + i)
						    << P2M_SHIFT;
		}
		p->all_frames = p->ram_frames;
	}
	return 0;
}

void p2m_limit(struct p2m *p, u32 frames)
{
	BUG_ON(frames > p->all_frames);
	p->ram_frames = frames;
}

void p2m_clear(struct p2m *p)
{
	for (u32 i = 0; i < p->all_frames; i++) {
		p->entry[i] &= ~P2M_ZEROED;
	}
}

void p2m_watch_writes(struct p2m *p, gfn_t f, bool is_watched)
{
	u32 *e = &p->entry[gfn_raw(f)];

	*e = is_watched ? *e | P2M_WATCHED : *e & ~P2M_WATCHED;
}

mfn_t p2m_first_use(struct p2m *p, gfn_t f)
{
	u32 *e = &p->entry[gfn_raw(f)];
	mfn_t m = mk_mfn(*e >> P2M_SHIFT);

	memset(hvmap_page(m), 0, PAGE_SIZE);
	*e |= P2M_ZEROED;
	return m;
}
