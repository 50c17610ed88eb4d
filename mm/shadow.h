/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shadow page tables: what the processor uses while a guest runs. They hold
 * translations of the guest, filled in on demand, and the Switcher.
 */
#pragma once

#include "arch/x86/pte.h"
#include "mm/gwalk.h"

struct shadow {
	struct pfa *pfa;
	u64 *pdpt;	     /* the root: PAE_PDPTES entries */
	u64 *pd[PAE_PDPTES]; /* its directories, all present */
	u64 switch_pde;	     /* the table of the Switcher window */
	u32 pages;	     /* frames owned: FRAME_SHADOW */
};

enum sh_rc {
	SH_FIXED,   /* an entry was filled: run the guest again */
	SH_REFILL,  /* out of memory: everything was dropped, run again */
	SH_REFLECT, /* the guest's own fault */
};

/* The frames of the Switcher window's three pages. */
struct sh_switcher {
	mfn_t code, state, regs;
};

/* An empty root with nothing but the Switcher. Returns 0, or -1: no memory. */
int sh_init(struct shadow *s, struct pfa *pfa, const struct sh_switcher *sw)
	__must_check;

/* Drop every translation of the guest. The root stays. */
void sh_drop_all(struct shadow *s);

/* Host-physical address of the root, for CR3. */
u32 sh_root(const struct shadow *s);

/*
 * The guest faulted at @va with error code @pfec: fill the entry if the walk
 * of @ctx allows the access.
 */
enum sh_rc sh_fault(struct shadow *s, const struct mmu_ctx *ctx, gva_t va,
		    u32 pfec);
