/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reflection: what the processor would do on a trap, done for ring 1.
 *
 * Rules: lguest ABI 4.4 "Reflection"; SDM 3A 6.12.1 "Exception- or
 * Interrupt-Handler Procedures". Next: hv/vmm/bare_kernel.c; hv/vmm/hc_desc.c
 * loads the gates.
 */
#include "hv/vmm/inject.h"

#include "arch/x86/trap.h"
#include "hv/vmm/bare_kernel.h"

/* Error code, EIP, CS, EFLAGS, ESP, SS. */
#define FRAME_MAX 6

static bool interrupts_enabled(const struct guest *g)
{
	return g->lg && g->lg->irq_enabled & LGUEST_IF;
}

/* Push what a trap pushes, below @sp and in that order. */
static void fill_frame(const struct vcpu *v, u32 *sp, bool has_error,
		       bool is_inner)
{
	const struct cpu_regs *r = v->regs;

	if (!is_inner) {
		*--sp = r->ss;
		*--sp = r->esp;
	}
	*--sp = interrupts_enabled(v->guest) ? r->eflags
					     : r->eflags & ~(u32)EFL_IF;
	*--sp = r->cs;
	*--sp = r->eip;
	if (has_error) {
		*--sp = r->error;
	}
}

/* False: there is no stack, and the guest ends as it is. */
static bool push_frame(struct vcpu *v, bool has_error)
{
	struct cpu_regs *r = v->regs;
	struct guest *g = v->guest;
	bool is_inner = (r->ss & SEL_RPL) == 1;
	u32 bytes = sizeof(u32) * (3u + has_error + (is_inner ? 0 : 2));
	u32 esp = (is_inner ? r->esp : v->esp1) - bytes;
	u32 frame[FRAME_MAX];
	u32 *to = sh_writable(&g->shadow, mk_gva(esp), bytes);

	if (likely(to)) {
		fill_frame(v, (u32 *)((u8 *)to + bytes), has_error, is_inner);
	} else {
		fill_frame(v, (u32 *)((u8 *)frame + bytes), has_error,
			   is_inner);
		if (gwalk_write(&g->mmu, mk_gva(esp), frame, bytes)) {
			guest_kill(g,
				   "no stack at 0x%08x for trap %u (%s) at "
				   "0x%08x",
				   esp, r->vector, trap_name(r->vector),
				   r->eip);
			return false;
		}
	}
	if (!is_inner) {
		r->ss = v->ss1;
	}
	r->esp = esp;
	return true;
}

void inject_enter(struct vcpu *v, u32 vector)
{
	const struct guest_gate *gate = &v->gate[vector];
	struct cpu_regs *r = v->regs;

	r->cs = SEL_GUEST_CODE;
	r->eip = gate->offset;
	r->eflags = vcpu_filter_eflags(r->eflags & ~(u32)(EFL_TF | EFL_RF));
	if (gate->is_interrupt && v->guest->lg) {
		v->guest->lg->irq_enabled = 0;
	}
}

static __attribute__((cold, noinline)) void no_gate(struct vcpu *v, u32 vector)
{
	if (bare_kernel_kill(v)) {
		return;
	}
	guest_kill(v->guest, "unhandled trap %u (%s) at 0x%08x, error 0x%x",
		   vector, trap_name(vector), v->regs->eip, v->regs->error);
}

/* A page fault is worth a copy of its own: it takes 18 instructions less. */
static inline __attribute__((always_inline)) void reflect(struct vcpu *v,
							  u32 vector)
{
	if (unlikely(!v->gate[vector].is_present)) {
		no_gate(v, vector);
		return;
	}
	if (push_frame(v, vector < 32 && X86_EXC_HAS_EC >> vector & 1)) {
		inject_enter(v, vector);
	}
}

void inject_trap(struct vcpu *v, u32 vector)
{
	reflect(v, vector);
}

void inject_irq(struct vcpu *v, u32 vector)
{
	if (push_frame(v, false)) {
		inject_enter(v, vector);
	}
}

void inject_page_fault(struct vcpu *v, u32 cr2)
{
	v->cr2 = cr2;
	if (v->guest->lg) {
		v->guest->lg->cr2 = cr2;
	}
	reflect(v, X86_EXC_PF);
}
