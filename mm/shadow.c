/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shadow page tables, always in PAE format: set-up and switches.
 *
 * I1  No entry has G set: a CR3 load forgets the guest.
 * I2  No edit here needs an INVLPG: the guest's tables are not loaded, and
 *     entering the guest loads CR3.
 *
 * Calls between the files go one way, from the end of this list to its
 * beginning: shpool.c memory, shdirty.c who wrote, shtable.c entries,
 * shwindow.c the Switcher's, shkernel.c the kernel half, shroot.c address
 * spaces, shresync.c comparing, shflush.c flushes, shchange.c announced
 * changes, shlinear.c life before tables, shfault.c faults, audit.c
 * invariants, and this one.
 * Next: mm/shpool.h, the objects; hv/vmm/hc_mmu.c calls.
 */
#include "mm/shadow.h"

#include "mm/hvmap.h"
#include "mm/shflush.h"
#include "mm/shlinear.h"
#include "mm/shwindow.h"

int sh_init(struct shadow *s, struct pfa *pfa, struct mmu_ctx *ctx,
	    const struct sh_switcher *sw, u32 page_limit)
{
	*s = (struct shadow){ .pfa = pfa,
			      .ctx = ctx,
			      .page_limit = page_limit,
			      .nx = ctx->allows_nx ? PTE_NX : 0 };
	if (shpool_init(s) || shwindow_init(s, sw)) {
		return -1;
	}
	return shlinear_init(s);
}

void sh_reset(struct shadow *s)
{
	shlinear_drop(s);
	shroot_drop_all(s);
	shdirty_unshare(s);
	shwindow_reset(s);
	s->ctx->mode = GWALK_LINEAR;
}

u32 sh_cr3(const struct shadow *s)
{
	const struct sh_root *r = s->current ? s->current : s->linear;

	return (u32)(mfn_to_hpa(hvmap_frame_of(r->pdpt)).raw) |
	       ((u32)(uintptr_t)r->pdpt & PAGE_MASK);
}

u32 sh_pages(const struct shadow *s)
{
	return s->pages;
}

static void switch_to(struct shadow *s, struct sh_root *r)
{
	shroot_make_current(s, r);
	gwalk_set_root(s->ctx, r->key);
	if (r->generation != s->generation) {
		r->generation = s->generation;
		shflush_user(s, r);
	}
}

int sh_switch(struct shadow *s, gpa_t root)
{
	struct sh_root *r = shroot_find(s, root);

	if (!s->current) {
		shlinear_drop(s);
	}
	if (!r) {
		r = shroot_new(s, root);
		while (!r && shroot_recycle(s)) {
			r = shroot_new(s, root);
		}
		if (!r) {
			return -1;
		}
	}
	switch_to(s, r);
	return 0;
}
