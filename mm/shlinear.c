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

#define LEAF	  (PTE_P | PTE_RW | PTE_A | PTE_D)
#define DIRECTORY (PTE_P | PTE_RW | PTE_A)

static spte_t *page_at(spte_t entry)
{
	return hvmap_page(spte_frame(entry));
}

static spte_t *new_table(struct shadow *s)
{
	spte_t *table;

	if (s->linear_spares > 0) {
		table = s->linear_spare[--s->linear_spares];
		memset(table, 0, PAGE_SIZE);
	} else {
		table = shpool_frames(s, 0);
	}
	s->pages += table != NULL;
	return table;
}

static void free_table(struct shadow *s, spte_t *table)
{
	s->pages--;
	if (s->linear_spares < SH_LINEAR_SPARES) {
		s->linear_spare[s->linear_spares++] = table;
		return;
	}
	pfa_free(s->pfa, hvmap_frame_of(table), 0, FRAME_SHADOW);
}

int shlinear_init(struct shadow *s)
{
	s->linear = shpool_root(s);
	if (!s->linear) {
		return -1;
	}
	for (u32 q = 0; q < PAE_PDPTES; q++) {
		spte_t *pd = new_table(s);

		if (!pd) {
			return -1;
		}
		s->linear->pdpt[q] = spte_link(pd, PTE_P);
	}
	page_at(s->linear->pdpt[PAE_PDPTES - 1])[sh_pd_index(SWITCH_BASE)] =
		s->switch_pde;
	while (s->linear_spares < SH_LINEAR_SPARES) {
		spte_t *spare = shpool_frames(s, 0);

		if (!spare) {
			return -1;
		}
		s->linear_spare[s->linear_spares++] = spare;
	}
	return 0;
}

void shlinear_drop(struct shadow *s)
{
	for (u32 i = 0; i < PAE_PDPTES * PAE_ENTRIES; i++) {
		spte_t *pd = page_at(s->linear->pdpt[i / PAE_ENTRIES]);
		spte_t *pde = &pd[i % PAE_ENTRIES];

		if (pde->raw && !spte_eq(*pde, s->switch_pde)) {
			free_table(s, page_at(*pde));
			spte_set(pde, mk_spte(0));
		}
	}
}

__cold_path enum sh_rc shlinear_fill(struct shadow *s, u32 va, gpa_t gpa)
{
	spte_t *pde = &page_at(
		s->linear->pdpt[va >> PAE_PDPT_SHIFT])[sh_pd_index(va)];
	mfn_t f;

	if (!pde->raw) {
		spte_t *table = new_table(s);

		if (!table) {
			shlinear_drop(s);
			return SH_REFILL;
		}
		spte_set(pde, spte_link(table, DIRECTORY));
	}
	if (p2m_lookup(s->ctx->p2m, gpa_to_gfn(gpa), &f) != P2M_RAM) {
		return SH_REFLECT;
	}
	spte_set(&page_at(*pde)[sh_pt_index(va)], spte_make(f, LEAF));
	return SH_FIXED;
}
