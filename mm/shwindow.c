/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Switcher's window: one table of entries that no guest ever changes.
 *
 * I1  Its state page is read-only, and none of it is reachable from ring 3.
 * I2  s->window[] says what the table holds, for the audit.
 *
 * Next: mm/shkernel.c, which has its directory entry.
 */
#include "mm/shwindow.h"

#include "arch/x86/layout.h"
#include "hv/lib/panic.h"
#include "mm/shpool.h"

/* Pages of the window that are always there. */
#define WINDOW_FIXED 3u

/*
 * TRICK: accessed and dirty are preset, which spares the processor a locked
 * write to the table.
 */
void sh_map_switcher(struct shadow *s, u32 va, mfn_t f, u64 rights)
{
	u32 i = sh_pt_index(va);
	spte_t entry = spte_make(f, PTE_P | PTE_A | PTE_D | rights);
	u32 n = 0;

	while (n < s->window_count && s->window[n].index != i) {
		n++;
	}
	BUG_ON(n == SH_WINDOW_MAX);
	if (n == s->window_count) {
		s->window_count++;
	}
	s->window[n].index = i;
	s->window[n].entry = entry;
	spte_set(&s->switch_table[i], entry);
}

int shwindow_init(struct shadow *s, const struct sh_switcher *sw)
{
	s->switch_table = shpool_frames(s, 0);
	if (!s->switch_table) {
		return -1;
	}
	s->switch_pde = spte_link(s->switch_table, PTE_P | PTE_RW | PTE_A);
	sh_map_switcher(s, SWITCH_CODE, sw->code, 0);
	sh_map_switcher(s, SWITCH_STATE, sw->state, s->nx);
	sh_map_switcher(s, SWITCH_REGS, sw->regs, PTE_RW | s->nx);
	BUG_ON(s->window_count != WINDOW_FIXED);
	return 0;
}

/* The others belong to one life of the guest. */
void shwindow_reset(struct shadow *s)
{
	while (s->window_count > WINDOW_FIXED) {
		spte_set(&s->switch_table[s->window[--s->window_count].index],
			 mk_spte(0));
	}
}
