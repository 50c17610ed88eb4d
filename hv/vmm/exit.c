/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exit dispatch: a switch over the vector, the two most frequent first.
 *
 * I1  Nothing here believes a guest register to be sane.
 * I2  Interrupts are off; whatever is done is bounded.
 *
 * Next: hv/vmm/hcall.c, hv/vmm/emul.c, hv/vmm/inject.c, mm/shadow.c.
 */
#include "hv/vmm/exit.h"

#include "arch/x86/cpu.h"
#include "arch/x86/irq.h"
#include "arch/x86/trap.h"
#include "hv/lib/panic.h"
#include "hv/vmm/deliver.h"
#include "hv/vmm/emul.h"
#include "hv/vmm/gates.h"
#include "hv/vmm/hcall.h"
#include "hv/vmm/inject.h"
#include "hv/vmm/switch_fault.h"

static void count(struct vcpu *v, enum exit_reason reason)
{
	v->guest->stats.exit[reason]++;
}

/*
 * Is @vector a fault that an interrupt comes before? It will happen again.
 * Not twice in a row, so that a storm of interrupts does not stop the program.
 */
static bool is_preceded(struct vcpu *v, u32 vector)
{
	if (likely(!v->guest->virq.pending)) {
		return false;
	}
	if (!gates_is_fault(v, vector) || v->preceded_at == v->regs->eip ||
	    !deliver_before_fault(v)) {
		v->preceded_at = 0;
		return false;
	}
	v->preceded_at = v->regs->eip;
	v->guest->stats.irqs_before_fault++;
	return true;
}

/*
 * A processor sets RF in the frame of a fault (SDM 3B 17.3.1.1 "Instruction-
 * Breakpoint Exception Condition"). The guest had none: it would see the flag
 * in the frame of what comes next, on QEMU 10 even of an INT.
 */
static void forget_fault(struct vcpu *v)
{
	v->regs->eflags &= ~(u32)EFL_RF;
}

/* A processor stops behind an emulated instruction, not one later. */
static void step_behind(struct vcpu *v)
{
	forget_fault(v);
	if (v->regs->eflags & EFL_TF) {
		inject_trap(v, X86_EXC_DB);
	}
}

/* The guest's own trap, unless an interrupt comes first. */
static void reflect(struct vcpu *v, u32 vector)
{
	if (!is_preceded(v, vector)) {
		inject_trap(v, vector);
	}
}

static void page_fault(struct vcpu *v, u32 cr2)
{
	struct guest *g = v->guest;
	struct gwalk w;
	enum sh_rc rc;

	count(v, EXIT_PAGE_FAULT);
	rc = sh_fault(&g->shadow, mk_gva(cr2), v->regs->error, &w);
	/* What is filled is no event: many would hide what the guest did. */
	if (rc != SH_FIXED && rc != SH_REFILL) {
		exit_log_exit(&g->exit_log, X86_EXC_PF, v->regs, cr2);
	}
	switch (rc) {
	case SH_FIXED:
		g->stats.faults_filled++;
		forget_fault(v);
		break;
	case SH_REFILL:
		g->stats.shadow_refills++;
		forget_fault(v);
		break;
	case SH_BAD:
		guest_kill(g, "%s: 0x%x%08x, for address 0x%08x at 0x%08x",
			   w.why, HI32(w.bad), LO32(w.bad), cr2, v->regs->eip);
		break;
	case SH_MMIO:
		if (emul_mmio(v, w.gpa)) {
			exit_log_fold_io(&g->exit_log);
			step_behind(v);
			break;
		}
		__fallthrough;
	case SH_REFLECT:
		if (is_preceded(v, X86_EXC_PF)) {
			break;
		}
		g->stats.faults_reflected++;
		v->regs->error = w.pfec;
		inject_page_fault(v, cr2);
		break;
	}
}

static void general_protection(struct vcpu *v)
{
	count(v, EXIT_PROTECTION);
	if (unlikely(gates_have_refused(v))) {
		/* For the guest this fault has not happened. */
		forget_fault(v);
		if (!is_preceded(v, X86_EXC_GP)) {
			gates_let_trap(v);
		}
		return;
	}
	if (v->regs->error || !vcpu_in_kernel(v) || !emul_privileged(v)) {
		reflect(v, X86_EXC_GP);
	} else {
		exit_log_fold_io(&v->guest->exit_log);
		step_behind(v);
	}
}

/* The Switcher faulted while it loaded what the guest's registers name. */
static void switch_fault(struct vcpu *v, const struct cpu_regs *f)
{
	const char *what = "returning to CS:SS";
	u32 selector = v->regs->cs;

	count(v, EXIT_SWITCH);
	if (f->vector == X86_EXC_MC) {
		panic("machine check in the Switcher");
	}
	/*
	 * Traps out of virtual-8086 mode push four more selectors. No ring-1
	 * guest can enter it (SDM 2A "IRET"), but QEMU 7.2 lets it.
	 */
	if (f->eflags & EFL_VM || v->regs->eflags & EFL_VM) {
		guest_kill(v->guest, "trap %u in virtual-8086 mode", f->vector);
		return;
	}
	if (f->eip == (u32)(uintptr_t)switch_pop_es) {
		what = "loading ES";
		selector = f->error;
	} else if (f->eip == (u32)(uintptr_t)switch_pop_ds) {
		what = "loading DS";
		selector = f->error;
	}
	guest_kill(
		v->guest,
		"trap 256: %s faulted: trap %u (%s), error 0x%x, selector 0x%x",
		what, f->vector, trap_name(f->vector), f->error, selector);
}

static void interrupt(struct vcpu *v, u32 vector)
{
	count(v, EXIT_INTERRUPT);
	exit_log_fold_interrupts(&v->guest->exit_log);
	irq_handle(vector);
}

/* What is no hypercall and no page fault. */
static bool serve_other(struct vcpu *v, u32 vector)
{
	exit_log_exit(&v->guest->exit_log, vector, v->regs, 0);
	switch (vector) {
	case X86_EXC_GP:
		general_protection(v);
		return false;
	case X86_EXC_NMI:
		/* Ours, never the guest's; nothing is attached to it. */
		count(v, EXIT_NMI);
		return false;
	case X86_EXC_DF:
		count(v, EXIT_EXCEPTION);
		guest_kill(v->guest, "double fault at 0x%08x", v->regs->eip);
		return false;
	case X86_EXC_MC:
		panic("machine check while the guest ran");
	case X86_VEC_IRQ ... X86_VEC_SYSCALL - 1:
	case X86_VEC_SYSCALL + 1 ... X86_VECTORS - 1:
		interrupt(v, vector);
		return true;
	default:
		count(v, EXIT_EXCEPTION);
		reflect(v, vector);
		return false;
	}
}

bool exit_serve(struct vcpu *v, const struct cpu_regs *frame)
{
	if (unlikely(frame != v->regs)) {
		switch_fault(v, frame);
		switch_fault_recover(v, frame);
		exit_log_exit(&v->guest->exit_log, EXIT_LOG_SWITCH, v->regs, 0);
		return false;
	}
	switch (__builtin_expect((long)frame->vector, X86_VEC_HCALL)) {
	case X86_VEC_HCALL:
		count(v, EXIT_HYPERCALL);
		hcall_serve(v);
		return false;
	case X86_EXC_PF:
		/* Before all else: a fault of our own would overwrite CR2. */
		page_fault(v, read_cr2());
		return false;
	default:
		return serve_other(v, frame->vector);
	}
}
