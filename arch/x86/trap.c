/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traps of the hypervisor itself.
 *
 * An exception here is our own bug, whatever the guest did: it panics. The
 * hypervisor runs with interrupts off except in irq_wait(), so interrupts
 * arrive here only while there is no guest to run.
 *
 * Next: arch/x86/report.c prints, arch/x86/irq.c serves interrupts.
 */
#include "arch/x86/trap.h"

#include "arch/x86/cpu.h"
#include "arch/x86/irq.h"
#include "arch/x86/report.h"
#include "arch/x86/switch.h"
#include "hv/lib/panic.h"

/* SDM 3A 6.15 "Exception and Interrupt Reference". */
static const char *const names[] = {
	"divide error",
	"debug",
	"non-maskable interrupt",
	"breakpoint",
	"overflow",
	"bound range exceeded",
	"invalid opcode",
	"device not available",
	"double fault",
	"coprocessor segment overrun",
	"invalid TSS",
	"segment not present",
	"stack fault",
	"general protection",
	"page fault",
	"reserved 15",
	"x87 error",
	"alignment check",
	"machine check",
	"SIMD error",
};

const char *trap_name(u32 vector)
{
	return vector < ARRAY_SIZE(names) ? names[vector] : "interrupt";
}

__attribute__((regparm(1))) void trap_from_hv(struct cpu_regs *f)
{
	/* First of all: another fault would overwrite it. */
	u32 cr2 = read_cr2();

	if (f->vector >= X86_VEC_IRQ) {
		irq_handle(f->vector);
		return;
	}
	if (f->vector == X86_EXC_NMI) {
		/* Nothing is attached to it. */
		return;
	}
	report_set_context(f, (u32)(uintptr_t)&f->esp);
	if (f->vector == X86_EXC_PF) {
		panic("%s at 0x%08x (error 0x%x) in the hypervisor",
		      trap_name(f->vector), cr2, f->error);
	}
	panic("%s (vector %u, error 0x%x) in the hypervisor",
	      trap_name(f->vector), f->vector, f->error);
}

void trap_double_fault(void)
{
	/* The processor saved the failed context in the current TSS. */
	const struct tss *t = &switch_state->tss;
	static struct cpu_regs f;

	f = (struct cpu_regs){
		.edi = t->edi,
		.esi = t->esi,
		.ebp = t->ebp,
		.ebx = t->ebx,
		.edx = t->edx,
		.ecx = t->ecx,
		.eax = t->eax,
		.es = (u16)t->es,
		.ds = (u16)t->ds,
		.cs = (u16)t->cs,
		.vector = X86_EXC_DF,
		.eip = t->eip,
		.eflags = t->eflags,
	};
	report_set_context(&f, t->esp);
	panic("double fault in the hypervisor (stack 0x%08x)", t->esp);
}
