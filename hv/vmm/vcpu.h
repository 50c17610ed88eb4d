/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One virtual processor, and all of its state.
 *
 * Some of that is in a real processor while the guest runs. It stays there
 * from one entry to the next, and is taken out only when another vcpu becomes
 * current (vcpu_load()) or somebody wants to see it (vcpu_store()).
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

/*
 * Registers that keep a guest's values from one entry to the next. FS and GS
 * the guest loads without an exit; the debug registers it cannot reach, and
 * they must not be another's. Type, field, how the processor's is read and
 * written. While the vcpu is current the fields are old; vcpu_store() makes
 * them new.
 *
 * LIMIT: of FS and GS only selectors can be read. A guest that has changed
 * their descriptors since it loaded them finds the new ones when it becomes
 * current again, or null where a load would be refused.
 */
#define VCPU_REGISTERS(X)                \
	X(u16, fs, read_fs, write_fs)    \
	X(u16, gs, read_gs, write_gs)    \
	X(u32, dr0, read_dr0, write_dr0) \
	X(u32, dr1, read_dr1, write_dr1) \
	X(u32, dr2, read_dr2, write_dr2) \
	X(u32, dr3, read_dr3, write_dr3) \
	X(u32, dr6, read_dr6, write_dr6) \
	X(u32, dr7, read_dr7, write_dr7)

struct vcpu {
	struct guest *guest;
	struct pcpu *pcpu; /* whose window the guest's tables have */

	/*
	 * The registers of the last exit: where traps push them
	 * (arch/x86/switch.h) while the vcpu is current, else &saved.
	 */
	struct cpu_regs *regs;
	u32 cr3; /* shadow root, host-physical: loaded at every entry */
	bool is_halted;
	u32 cr2;	 /* gva of the last page fault that was reflected */
	u32 preceded_at; /* EIP of a fault that an interrupt came before */

	/* What the guest has loaded by calls. The state page has it, too. */
	u16 ss1; /* stack for traps from ring 3 */
	u32 esp1;
	bool ts; /* CR0.TS */
	struct desc gdt[GDT_ENTRIES];
	struct guest_gate gate[X86_VECTORS];

	/* In the processor, while this is current. */
	struct cpu_regs saved;
#define X(type, field, read, write) type field;
	VCPU_REGISTERS(X)
#undef X
	struct fpu_state fpu;

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

/* The state at the first instruction: lguest ABI 1.4. Not current. */
void vcpu_reset(struct vcpu *v, u32 entry);

/*
 * Make @v current, which may be so already: its processor holds its state
 * from now on. That of the vcpu that was current is stored.
 */
void vcpu_load(struct vcpu *v);

/* If @v is current, bring the fields up to date. It stays current. */
void vcpu_store(struct vcpu *v);

/* Changes by the guest, which is current. The hypervisor's stay as they are. */
void vcpu_set_segment(struct vcpu *v, u32 index, struct desc d);
void vcpu_set_stack(struct vcpu *v, u16 ss1, u32 esp1);
void vcpu_set_ts(struct vcpu *v, bool ts);

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
