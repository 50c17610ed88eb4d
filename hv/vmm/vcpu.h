/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One virtual processor.
 */
#pragma once

#include "arch/x86/regs.h"
#include "arch/x86/switch.h"
#include "hv/pc/pcpu.h"

struct guest;

/* A gate of the guest's IDT. The selector is always SEL_GUEST_CODE. */
struct guest_gate {
	u32 offset; /* gva of the handler */
	bool is_present;
	bool is_interrupt; /* clears the virtual IF; a trap gate does not */
	u8 dpl; /* of the real gate when it is open: hv/vmm/gates.c */
};

struct vcpu {
	struct guest *guest;
	struct pcpu *pcpu;
	/*
	 * The guest's registers, where traps push them (arch/x86/switch.h):
	 * valid from an exit to the next entry. FS, GS and the FPU stay in
	 * the processor.
	 */
	struct cpu_regs *regs;
	u32 cr3; /* shadow root, host-physical */
	bool is_halted;
	u32 cr2;	 /* gva of the last page fault that was reflected */
	u32 preceded_at; /* EIP of a fault that an interrupt came before */
	struct guest_gate gate[X86_VECTORS];

	/* hv/vmm/gates.c: */
	u32 irq_gates;	/* bit n: interrupt line n has a gate */
	u32 soft_gates; /* bit n: software may use the gate of exception n */
	bool gates_are_closed;
	bool lets_trap; /* the next entry delivers nothing */

	/* Of the interrupt-kind system-call gate: hv/vmm/syscall.c. */
	mfn_t trampoline;
	bool has_trampoline;
	mfn_t shared_frame; /* holds lguest_data.irq_enabled */
};

/* The state at the first instruction: lguest ABI 1.4. */
void vcpu_reset(struct vcpu *v, u32 entry);

/*
 * Copy the instruction at EIP, or what there is of it, to @bytes of
 * INSN_MAX_BYTES; returns how many bytes those are.
 */
u32 vcpu_fetch(struct vcpu *v, u8 *bytes);

/*
 * The one filter for EFLAGS images that ring 0 loads on a guest's behalf:
 * the bits of @wanted that a guest may choose, IF set, IOPL 0, and none of
 * NT, VM, VIF, VIP.
 */
static inline u32 vcpu_filter_eflags(u32 wanted)
{
	const u32 choice =
		EFL_ARITH | EFL_TF | EFL_DF | EFL_RF | EFL_AC | EFL_ID;

	return (wanted & choice) | EFL_IF | EFL_ONE;
}

/* Did the last exit come from the guest's kernel (ring 1)? */
static inline bool vcpu_in_kernel(const struct vcpu *v)
{
	return (v->regs->cs & SEL_RPL) == 1;
}
