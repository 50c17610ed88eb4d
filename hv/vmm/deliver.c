/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Delivery of virtual interrupts.
 *
 * I1  irq_pending is LGUEST_IF exactly while an unblocked interrupt waits
 *     for the guest to enable interrupts: it saves more exits than anything
 *     else that the guest need not ask.
 * I2  Whenever something stays raised at an entry, the timer is armed: the
 *     guest may enable or unblock without telling. Where that is enabling,
 *     its traps tell as well (hv/vmm/gates.c).
 * I3  No frame is pushed at an address where the guest is leaving a frame
 *     (noirq_iret): an interrupt storm would pile them up.
 *
 * Rules: lguest ABI 5.3, 5.4, 11.1. Next: hv/vmm/gates.c, hv/vmm/inject.c.
 */
#include "hv/vmm/deliver.h"

#include "arch/x86/clock.h"
#include "arch/x86/layout.h"
#include "hv/vmm/gates.h"
#include "hv/vmm/inject.h"

/* Where an iret finds EFLAGS on the stack. */
#define IRET_EFLAGS 8

static u32 candidates(const struct vcpu *v)
{
	const struct guest *g = v->guest;

	return g->lg ? g->virq.pending & ~g->lg->blocked_interrupts : 0;
}

bool deliver_is_due(const struct vcpu *v)
{
	return candidates(v) != 0;
}

static void update_time(struct guest *g)
{
	u32 sec, nsec;

	clock_wall(&sec, &nsec);
	g->lg->time_sec = sec;
	g->lg->time_nsec = nsec;
}

static bool in_trampoline(const struct vcpu *v)
{
	return v->regs->eip - SWITCH_TRAMP < PAGE_SIZE &&
	       v->regs->cs == SEL_GUEST_CODE;
}

/*
 * In the trampoline of an interrupt-kind system-call gate (hv/vmm/syscall.c)
 * the guest is already behind the gate: complete what is left of it.
 */
static void leave_trampoline(struct vcpu *v)
{
	struct cpu_regs *r = v->regs;

	if (in_trampoline(v)) {
		v->guest->lg->irq_enabled = 0;
		r->eip = v->gate[X86_VEC_SYSCALL].offset;
		v->guest->stats.rolled_forward++;
	}
}

enum window {
	WINDOW_OUTSIDE,
	WINDOW_WAIT, /* old guests: too early to do anything */
	WINDOW_IRET, /* about to leave by iret */
};

static enum window where(const struct vcpu *v)
{
	const struct guest *g = v->guest;
	u32 eip = v->regs->eip;

	if (v->regs->cs != SEL_GUEST_CODE) {
		return WINDOW_OUTSIDE;
	}
	if (eip == g->noirq_iret) {
		return WINDOW_IRET;
	}
	return eip - g->noirq_start < g->noirq_iret - g->noirq_start
		       ? WINDOW_WAIT
		       : WINDOW_OUTSIDE;
}

bool deliver_before_fault(const struct vcpu *v)
{
	return candidates(v) & v->irq_gates &&
	       v->guest->lg->irq_enabled & LGUEST_IF &&
	       where(v) == WINDOW_OUTSIDE && !in_trampoline(v);
}

static void inject(struct vcpu *v, u32 line, enum window w)
{
	struct guest *g = v->guest;
	u32 eflags;

	g->virq.pending &= ~(1u << line);
	g->stats.irqs_injected++;
	if (w == WINDOW_OUTSIDE) {
		inject_irq(v, X86_VEC_IRQ + line);
		return;
	}
	/* The frame that the iret would consume serves for the interrupt. */
	if (gwalk_read(&g->mmu, &eflags, mk_gva(v->regs->esp + IRET_EFLAGS),
		       sizeof(eflags))) {
		guest_kill(g, "no stack at 0x%08x for the iret at 0x%08x",
			   v->regs->esp, v->regs->eip);
		return;
	}
	g->stats.irqs_at_iret++;
	v->regs->eflags = vcpu_filter_eflags(eflags);
	inject_enter(v, X86_VEC_IRQ + line);
}

/*
 * Lines @due wait: for the guest to enable interrupts, and then it and its
 * traps are to tell, or to load a gate.
 */
static void wait(struct vcpu *v, u32 due)
{
	struct guest *g = v->guest;

	g->lg->irq_pending = LGUEST_IF;
	if (due & v->irq_gates && !(g->lg->irq_enabled & LGUEST_IF)) {
		gates_close(v);
		vtime_retry_soon(&g->time, VTIME_RETRY_MASKED_NS);
	} else {
		gates_open(v);
		vtime_retry_soon(&g->time, VTIME_RETRY_BLOCKED_NS);
	}
}

/* No line waits but those that are blocked. */
static void wait_no_more(struct vcpu *v)
{
	struct guest *g = v->guest;

	g->lg->irq_pending = 0;
	gates_open(v);
	if (g->virq.pending) {
		vtime_retry_soon(&g->time, VTIME_RETRY_BLOCKED_NS);
	} else {
		vtime_retry_done(&g->time);
	}
}

void deliver_irq(struct vcpu *v)
{
	struct guest *g = v->guest;
	u32 due = candidates(v), ready = due & v->irq_gates;
	enum window w;

	if (!g->lg) {
		return;
	}
	leave_trampoline(v);
	if (unlikely(v->lets_trap)) {
		v->lets_trap = false;
		return;
	}
	if (due) {
		/* A halted guest is in no window: it waits behind its call. */
		w = v->is_halted ? WINDOW_OUTSIDE : where(v);
		if (w == WINDOW_WAIT) {
			g->stats.window_waits++;
			vtime_retry_soon(&g->time, VTIME_RETRY_MASKED_NS);
			return;
		}
		if (v->is_halted) {
			v->is_halted = false;
			g->lg->irq_enabled = LGUEST_IF;
		}
		if (g->lg->irq_enabled & LGUEST_IF) {
			/* A line without a gate holds no other back. */
			if (ready) {
				inject(v, (u32)__builtin_ctz(ready), w);
			}
			update_time(g);
			due = candidates(v);
		}
	}
	if (due) {
		wait(v, due);
	} else {
		wait_no_more(v);
	}
}
