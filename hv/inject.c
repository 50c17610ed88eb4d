/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reflection: what the processor would do on a trap, done for ring 1.
 *
 * Rules: lguest ABI 4.4 "Reflection"; SDM 3A 6.12.1 "Exception- or
 * Interrupt-Handler Procedures". Next: hv/hc_desc.c loads the gates.
 */
#include "hv/inject.h"

#include "arch/x86/trap.h"

/* Error code, EIP, CS, EFLAGS, ESP, SS. */
#define FRAME_MAX 6

static bool interrupts_enabled(const struct guest *g)
{
	return g->lg && g->lg->irq_enabled & LGUEST_IF;
}

/* Build the frame in memory order. Returns its length in dwords. */
static u32 build_frame(struct vcpu *v, u32 *frame, bool has_error, bool inner)
{
	const struct cpu_regs *r = v->regs;
	u32 n = 0;

	if (has_error) {
		frame[n++] = r->error;
	}
	frame[n++] = r->eip;
	frame[n++] = r->cs;
	frame[n++] =
		interrupts_enabled(v->guest) ? r->eflags : r->eflags & ~EFL_IF;
	if (!inner) {
		frame[n++] = r->esp;
		frame[n++] = r->ss;
	}
	return n;
}

static void push_frame(struct vcpu *v, bool has_error)
{
	struct cpu_regs *r = v->regs;
	const struct tss *tss = &switch_state->tss;
	bool inner = (r->ss & SEL_RPL) == 1;
	u32 frame[FRAME_MAX];
	u32 n = build_frame(v, frame, has_error, inner);
	u32 esp = (inner ? r->esp : tss->esp1) - n * sizeof(u32);

	if (gwalk_write(&v->guest->mmu, mk_gva(esp), frame, n * sizeof(u32))) {
		guest_kill(v->guest,
			   "no stack at 0x%08x for trap %u (%s) at 0x%08x", esp,
			   r->vector, trap_name(r->vector), r->eip);
		return;
	}
	if (!inner) {
		r->ss = (u16)tss->ss1;
	}
	r->esp = esp;
}

void inject_trap(struct vcpu *v, u32 vector)
{
	const struct guest_gate *gate = &v->gate[vector];
	struct cpu_regs *r = v->regs;

	if (!gate->is_present) {
		guest_kill(v->guest,
			   "unhandled trap %u (%s) at 0x%08x, error 0x%x",
			   vector, trap_name(vector), r->eip, r->error);
		return;
	}
	push_frame(v, vector < 32 && X86_EXC_HAS_EC >> vector & 1);
	r->cs = SEL_GUEST_CODE;
	r->eip = gate->offset;
	r->eflags = vcpu_filter_eflags(r->eflags & ~(EFL_TF | EFL_RF));
	if (gate->is_interrupt && v->guest->lg) {
		v->guest->lg->irq_enabled = 0;
	}
}

void inject_page_fault(struct vcpu *v, u32 cr2)
{
	v->cr2 = cr2;
	if (v->guest->lg) {
		v->guest->lg->cr2 = cr2;
	}
	inject_trap(v, X86_EXC_PF);
}
