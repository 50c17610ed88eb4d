/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shadow page tables, always in PAE format.
 *
 * I1  A leaf below the reserved area maps a frame of this guest's RAM, by
 *     way of gwalk() and p2m_lookup(), and nothing else.
 * I2  The Switcher's entry is the same in every root and never changes.
 *     Its state page is read-only, and none of it is reachable from ring 3.
 * I3  No entry has G set: a CR3 load forgets the guest.
 *
 * Next: hv/exit.c calls sh_fault().
 */
#include "mm/shadow.h"

#include <string.h>

#include "arch/x86/layout.h"
#include "mm/hvmap.h"
#include "mm/pte_set.h"

/*
 * PAE root entries have no RW or US bits and are cached at CR3 load: SDM 3A
 * 4.4.1 "PDPTE Registers". Ours are all present from the start, so filling
 * a directory never needs a CR3 load.
 */
#define SPDPTE	    PTE_P
#define SPDE	    (PTE_P | PTE_RW | PTE_US)
#define SPTE_LINEAR (PTE_P | PTE_RW)

static u64 *new_page(struct shadow *s)
{
	mfn_t f = pfa_alloc(s->pfa, 0, PFA_LOW, FRAME_SHADOW);

	if (mfn_eq(f, INVALID_mfn)) {
		return NULL;
	}
	s->pages++;
	return memset(hvmap_page(f), 0, PAGE_SIZE);
}

static void free_page(struct shadow *s, void *page)
{
	s->pages--;
	pfa_free(s->pfa, hvmap_frame_of(page), 0, FRAME_SHADOW);
}

static u64 entry_to(const void *table, u64 flags)
{
	return mfn_to_hpa(hvmap_frame_of(table)).raw | flags;
}

static u32 pd_index(u32 va)
{
	return va >> PAE_PD_SHIFT & (PAE_ENTRIES - 1);
}

static u32 pt_index(u32 va)
{
	return va >> PAGE_SHIFT & (PAE_ENTRIES - 1);
}

static spte_t spte_make(mfn_t f, u64 flags)
{
	return mk_spte(mfn_to_hpa(f).raw | flags);
}

/*
 * TRICK: accessed and dirty are preset. The processor sets them with a
 * locked write to the table, which is ours to spare.
 */
static void map_switcher(u64 *pt, const struct sh_switcher *sw)
{
	u64 a = PTE_P | PTE_A;

	pt[pt_index(SWITCH_CODE)] = spte_make(sw->code, a).raw;
	pt[pt_index(SWITCH_STATE)] = spte_make(sw->state, a).raw;
	pt[pt_index(SWITCH_REGS)] = spte_make(sw->regs, a | PTE_RW | PTE_D).raw;
}

int sh_init(struct shadow *s, struct pfa *pfa, const struct sh_switcher *sw)
{
	u64 *pt;

	*s = (struct shadow){ .pfa = pfa };
	s->pdpt = new_page(s);
	pt = new_page(s);
	if (!s->pdpt || !pt) {
		return -1;
	}
	map_switcher(pt, sw);
	s->switch_pde = entry_to(pt, PTE_P | PTE_RW | PTE_A);
	for (u32 i = 0; i < PAE_PDPTES; i++) {
		s->pd[i] = new_page(s);
		if (!s->pd[i]) {
			return -1;
		}
		s->pdpt[i] = entry_to(s->pd[i], SPDPTE);
	}
	s->pd[PAE_PDPTES - 1][pd_index(SWITCH_BASE)] = s->switch_pde;
	return 0;
}

void sh_drop_all(struct shadow *s)
{
	for (u32 i = 0; i < PAE_PDPTES * PAE_ENTRIES; i++) {
		u64 *pde = &s->pd[i / PAE_ENTRIES][i % PAE_ENTRIES];
		mfn_t f = hpa_to_mfn(mk_hpa(*pde & PTE_FRAME));

		if (*pde & PTE_P && *pde != s->switch_pde) {
			pte_set(pde, 0);
			free_page(s, hvmap_page(f));
		}
	}
}

u32 sh_root(const struct shadow *s)
{
	return mfn_raw(hvmap_frame_of(s->pdpt)) << PAGE_SHIFT;
}

/* The leaf entry for @va, making its table; NULL when there is no memory. */
static u64 *leaf(struct shadow *s, u32 va)
{
	u64 *pde = &s->pd[va >> PAE_PDPT_SHIFT][pd_index(va)];
	u64 *table;

	if (!(*pde & PTE_P)) {
		table = new_page(s);
		if (!table) {
			return NULL;
		}
		pte_set(pde, entry_to(table, SPDE));
	}
	table = hvmap_page(hpa_to_mfn(mk_hpa(*pde & PTE_FRAME)));
	return &table[pt_index(va)];
}

enum sh_rc sh_fault(struct shadow *s, const struct mmu_ctx *ctx, gva_t va,
		    u32 pfec)
{
	struct gwalk w;
	mfn_t f;
	u64 *spte;

	if (gva_raw(va) >= SWITCH_BASE || gwalk(ctx, va, pfec, &w) != GW_OK ||
	    p2m_lookup(ctx->p2m, gpa_to_gfn(w.gpa), &f) != P2M_RAM) {
		return SH_REFLECT;
	}
	spte = leaf(s, gva_raw(va));
	if (!spte) {
		sh_drop_all(s);
		return SH_REFILL;
	}
	pte_set(spte, spte_make(f, SPTE_LINEAR).raw);
	return SH_FIXED;
}
