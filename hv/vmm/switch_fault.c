/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is left of a guest's registers when the Switcher faults while it
 * loads them.
 *
 * The trap pushed its frame below what had not been popped yet, over what
 * had: general registers, then ES, then DS. What was popped was in the
 * processor, so the frame holds it; the rest is where it was. The frame of a
 * trap out of virtual-8086 mode is complete, only lower.
 */
#include "hv/vmm/switch_fault.h"

void switch_fault_recover(struct vcpu *v, const struct cpu_regs *f)
{
	struct cpu_regs *r = v->regs;
	const struct cpu_regs got = *f; /* overlaps *r */
	bool has_es = got.eip != (u32)(uintptr_t)switch_pop_es;
	bool has_ds = has_es && got.eip != (u32)(uintptr_t)switch_pop_ds;

	if (got.eflags & EFL_VM) {
		*r = got;
		return;
	}
	r->edi = got.edi;
	r->esi = got.esi;
	r->ebp = got.ebp;
	r->ebx = got.ebx;
	r->edx = got.edx;
	r->ecx = got.ecx;
	r->eax = got.eax;
	r->es = has_es ? got.es : r->es;
	r->ds = has_ds ? got.ds : r->ds;
	r->vector = got.vector;
	r->error = got.error;
}
