/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Setting up one processor.
 *
 * Next: arch/x86/desc.c.
 */
#include "hv/pc/pcpu.h"

#include <string.h>

#include "arch/x86/desc.h"
#include "arch/x86/layout.h"
#include "arch/x86/sections.h"
#include "hv/lib/panic.h"
#include "mm/hvmap.h"

static mfn_t zeroed_page(struct pfa *pfa)
{
	mfn_t f = pfa_alloc(pfa, 0, PFA_LOW, FRAME_HV);

	if (mfn_eq(f, INVALID_mfn)) {
		panic("no memory for the Switcher");
	}
	memset(hvmap_page(f), 0, PAGE_SIZE);
	return f;
}

void pcpu_init(struct pcpu *p, struct pfa *pfa)
{
	p->switcher.code = hvmap_frame_of(switch_load);
	p->switcher.state = zeroed_page(pfa);
	p->switcher.regs = zeroed_page(pfa);

	hvmap_switcher(SWITCH_CODE, p->switcher.code, true);
	hvmap_switcher(SWITCH_STATE, p->switcher.state, false);
	hvmap_switcher(SWITCH_REGS, p->switcher.regs, false);
	desc_init(hvmap_root());
}
