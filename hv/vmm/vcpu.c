/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtual processor's first state, and what it is about to execute.
 *
 * Next: hv/vmm/run.c.
 */
#include "hv/vmm/vcpu.h"

#include <string.h>

#include "arch/x86/cpu.h"
#include "arch/x86/decode.h"
#include "arch/x86/desc.h"
#include "hv/vmm/guest.h"

/*
 * FXRSTOR image of a processor after power-up: SDM 1 10.5.1.1 "x87 State",
 * Table 9-1 of SDM 3A.
 */
static void reset_fpu(void)
{
	static u8 image[512] __aligned(16);

	image[0] = 0x7f; /* FCW 0x037f: all exceptions masked */
	image[1] = 0x03;
	image[24] = 0x80; /* MXCSR 0x1f80: likewise */
	image[25] = 0x1f;
	write_cr0(read_cr0() & ~CR0_TS);
	__asm__ volatile("fxrstor %0" : : "m"(image));
}

void vcpu_reset(struct vcpu *v, u32 entry)
{
	desc_reset_guest(switch_state);
	clear_fs_gs();
	reset_fpu();
	memset(v->gate, 0, sizeof(v->gate));

	v->is_halted = false;
	v->cr2 = 0;
	v->preceded_at = 0;
	v->irq_gates = 0;
	v->soft_gates = 0;
	v->gates_are_closed = false;
	v->lets_trap = false;
	v->has_trampoline = false;
	v->regs = switch_regs;
	/* All of it: the guest can read what an earlier life left there. */
	memset((void *)SWITCH_REGS, 0, sizeof(struct switch_regs_page));
	v->regs->eip = entry;
	v->regs->cs = SEL_GUEST_CODE;
	v->regs->ds = v->regs->es = v->regs->ss = SEL_GUEST_DATA;
	v->regs->eflags = vcpu_filter_eflags(0);
}

/* Fetch what can be fetched: the instruction may end before a bad page. */
u32 vcpu_fetch(struct vcpu *v, u8 *bytes)
{
	gva_t eip = mk_gva(v->regs->eip);
	u32 in_page = PAGE_SIZE - gva_offset(eip);

	if (gwalk_read(&v->guest->mmu, bytes, eip, INSN_MAX_BYTES) == 0) {
		return INSN_MAX_BYTES;
	}
	if (in_page < INSN_MAX_BYTES &&
	    gwalk_read(&v->guest->mmu, bytes, eip, in_page) == 0) {
		return in_page;
	}
	return 0;
}
