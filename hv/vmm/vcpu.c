/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The virtual processor: its first state, how that comes into a processor and
 * out of it, and what it is about to execute.
 *
 * I1  pcpu->current is whose state the processor holds: on the state page, on
 *     the register page and in its registers. What a vcpu left on the register
 *     page, which guests can read and write, no other finds.
 * I2  Nothing that is loaded here can fault, whatever the guest left behind.
 *
 * Next: hv/vmm/syscall.c, which loads the gates; hv/vmm/run.c.
 */
#include "hv/vmm/vcpu.h"

#include <string.h>

#include "arch/x86/decode.h"
#include "arch/x86/desc.h"
#include "hv/vmm/guest.h"
#include "hv/vmm/syscall.h"

/* High dword of a segment descriptor. SDM 3A 3.4.5. */
#define SEG_PRESENT	  0x8000u
#define SEG_DPL(hi)	  ((hi) >> 13 & 3)
#define SEG_CODE	  0x0800u
#define SEG_CONFORMING	  0x0400u /* of code */
#define SEG_CODE_READABLE 0x0200u /* likewise */

#define SEL_INDEX 3
#define SEL_TI	  4u

/* --- the first state ------------------------------------------------------ */

/*
 * FXRSTOR image of a processor after power-up: SDM 1 10.5.1.1 "x87 State",
 * Table 9-1 of SDM 3A.
 */
static void reset_fpu(struct fpu_state *f)
{
	f->bytes[0] = 0x7f; /* FCW 0x037f: all exceptions masked */
	f->bytes[1] = 0x03;
	f->bytes[24] = 0x80; /* MXCSR 0x1f80: likewise */
	f->bytes[25] = 0x1f;
}

void vcpu_reset(struct vcpu *v, u32 entry)
{
	struct guest *g = v->guest;
	struct pcpu *p = v->pcpu;
	mfn_t trampoline = v->trampoline;

	if (p->current == v) {
		p->current = NULL;
	}
	memset(v, 0, sizeof(*v));
	v->guest = g;
	v->pcpu = p;
	v->trampoline = trampoline;

	v->regs = &v->saved;
	v->regs->eip = entry;
	v->regs->cs = SEL_GUEST_CODE;
	v->regs->ds = v->regs->es = v->regs->ss = SEL_GUEST_DATA;
	v->regs->eflags = vcpu_filter_eflags(0);
	desc_reset_gdt(v->gdt);
	v->dr6 = DR6_INIT;
	v->dr7 = DR7_INIT;
	reset_fpu(&v->fpu);
}

/* --- into the processor and out of it ------------------------------------- */

static void load_ts(bool ts)
{
	u32 cr0 = read_cr0();

	write_cr0(ts ? cr0 | CR0_TS : cr0 & ~(u32)CR0_TS);
}

/*
 * @sel, or null if ring 0 could not load it for the guest now: SDM 3A 5.6
 * "Privilege Level Checking When Accessing Data Segments". The hypervisor's
 * own entries are absent here.
 */
static u16 loadable(const struct vcpu *v, u16 sel)
{
	u32 index = sel >> SEL_INDEX, hi;

	if (sel & SEL_TI || index >= GDT_ENTRIES) {
		return 0;
	}
	hi = v->gdt[index].hi;
	if (!(hi & SEG_PRESENT) ||
	    (hi & SEG_CODE && !(hi & SEG_CODE_READABLE))) {
		return 0;
	}
	if (hi & SEG_CODE && hi & SEG_CONFORMING) {
		return sel;
	}
	return SEG_DPL(hi) >= (sel & SEL_RPL) ? sel : 0;
}

void vcpu_store(struct vcpu *v)
{
	if (v->pcpu->current != v) {
		return;
	}
	v->saved = *v->regs;
#define X(type, field, read, write) v->field = read();
	VCPU_REGISTERS(X)
#undef X
	load_ts(false);
	fpu_save(&v->fpu);
	load_ts(v->ts);
}

static void load_stack(const struct vcpu *v)
{
	switch_state->tss.ss1 = v->ss1;
	switch_state->tss.esp1 = v->esp1;
}

/* The state page, before registers that are loaded by way of it. */
static void load_tables(struct vcpu *v)
{
	desc_load_gdt(switch_state, v->gdt);
	load_stack(v);
	syscall_load_gates(v);
}

static void load_registers(struct vcpu *v)
{
	memset((void *)SWITCH_REGS, 0, sizeof(struct switch_regs_page));
	v->regs = switch_regs;
	*v->regs = v->saved;

	v->fs = loadable(v, v->fs);
	v->gs = loadable(v, v->gs);
#define X(type, field, read, write) write(v->field);
	VCPU_REGISTERS(X)
#undef X
	load_ts(false);
	fpu_load(&v->fpu);
	load_ts(v->ts);
}

void vcpu_load(struct vcpu *v)
{
	struct vcpu *other = v->pcpu->current;

	if (other == v) {
		return;
	}
	if (other) {
		vcpu_store(other);
		other->regs = &other->saved;
	}
	v->pcpu->current = v;
	load_tables(v);
	load_registers(v);
}

void vcpu_set_segment(struct vcpu *v, u32 index, struct desc d)
{
	v->gdt[index] = d;
	switch_state->gdt[index] = d;
}

void vcpu_set_stack(struct vcpu *v, u16 ss1, u32 esp1)
{
	v->ss1 = ss1;
	v->esp1 = esp1;
	load_stack(v);
}

void vcpu_set_ts(struct vcpu *v, bool ts)
{
	v->ts = ts;
	load_ts(ts);
}

/* --- what it is about to execute ------------------------------------------ */

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
