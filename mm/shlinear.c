/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linear mode: before its first NEW_PGTABLE a guest sees its RAM one to one.
 * Plain tables, filled on demand, dropped whole.
 *
 * Next: mm/shadow.c.
 */
#include "mm/shlinear.h"

#include <string.h>

#include "arch/x86/layout.h"
#include "mm/hvmap.h"
#include "mm/pte_set.h"

#define LEAF	  (PTE_P | PTE_RW | PTE_A | PTE_D)
#define DIRECTORY (PTE_P | PTE_RW | PTE_A)

static u64 *page_at(u64 entry)
{
	return hvmap_page(hpa_to_mfn(mk_hpa(entry & PTE_FRAME)));
}

static u64 *new_table(struct shadow *s)
{
	u64 *table;
	mfn_t f;

	if (s->linear_spares > 0) {
		table = s->linear_spare[--s->linear_spares];
	} else {
		f = pfa_alloc(s->pfa, 0, PFA_LOW, FRAME_SHADOW);
		table = mfn_eq(f, INVALID_mfn) ? NULL : hvmap_page(f);
	}
	if (!table) {
		return NULL;
	}
	s->pages++;
	return memset(table, 0, PAGE_SIZE);
}

static void free_table(struct shadow *s, u64 *table)
{
	s->pages--;
	if (s->linear_spares < SH_LINEAR_SPARES) {
		s->linear_spare[s->linear_spares++] = table;
		return;
	}
	pfa_free(s->pfa, hvmap_frame_of(table), 0, FRAME_SHADOW);
}

static u64 entry_for(const u64 *table, u64 flags)
{
	return mfn_to_hpa(hvmap_frame_of(table)).raw | flags;
}

/* What is freed first stays here. */
static int take_spares(struct shadow *s)
{
	u64 *table[SH_LINEAR_SPARES];

	for (u32 i = 0; i < SH_LINEAR_SPARES; i++) {
		table[i] = new_table(s);
		if (!table[i]) {
			return -1;
		}
	}
	for (u32 i = 0; i < SH_LINEAR_SPARES; i++) {
		free_table(s, table[i]);
	}
	return 0;
}

int shlinear_init(struct shadow *s)
{
	s->linear = shpool_root(s);
	if (!s->linear) {
		return -1;
	}
	for (u32 q = 0; q < PAE_PDPTES; q++) {
		u64 *pd = new_table(s);

		if (!pd) {
			return -1;
		}
		s->linear->pdpt[q] = entry_for(pd, PTE_P);
	}
	page_at(s->linear->pdpt[PAE_PDPTES - 1])[sh_pd_index(SWITCH_BASE)] =
		s->switch_pde;
	return take_spares(s);
}

void shlinear_drop(struct shadow *s)
{
	for (u32 i = 0; i < PAE_PDPTES * PAE_ENTRIES; i++) {
		u64 *pd = page_at(s->linear->pdpt[i / PAE_ENTRIES]);
		u64 *pde = &pd[i % PAE_ENTRIES];

		if (*pde && *pde != s->switch_pde) {
			free_table(s, page_at(*pde));
			pte_set(pde, 0);
		}
	}
}

__cold_path enum sh_rc shlinear_fill(struct shadow *s, u32 va, gpa_t gpa)
{
	u64 *pde = &page_at(
		s->linear->pdpt[va >> PAE_PDPT_SHIFT])[sh_pd_index(va)];
	mfn_t f;

	if (!*pde) {
		u64 *table = new_table(s);

		if (!table) {
			shlinear_drop(s);
			return SH_REFILL;
		}
		pte_set(pde, entry_for(table, DIRECTORY));
	}
	if (p2m_lookup(s->ctx->p2m, gpa_to_gfn(gpa), &f) != P2M_RAM) {
		return SH_REFLECT;
	}
	pte_set(&page_at(*pde)[sh_pt_index(va)], mfn_to_hpa(f).raw | LEAF);
	return SH_FIXED;
}
