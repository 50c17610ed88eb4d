/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptor tables of one processor.
 *
 * I1  The GDT and the TSS are on the state page and serve both worlds; the
 *     guest's IDT is there too. The hypervisor's IDT is ordinary data.
 * I2  No gate lets a guest into ring 0 except at the Switcher's stubs, and
 *     every gate there clears IF.
 * I3  The accessed bit is preset in every segment and the TSS is busy before
 *     a guest runs, for the page is read-only in the guest's tables and a
 *     write by the processor would fault.
 * I4  There is no LDT. After a reset LDTR holds one at linear address 0
 *     (SDM 3A 9.1.1 "Processor State After Reset"), in the guest's memory.
 *
 * What a guest has loaded is part of its vcpu: hv/vmm/vcpu.c.
 *
 * Next: arch/x86/switch.S, arch/x86/trap.c.
 */
#include "arch/x86/desc.h"

#include <string.h>

#include "arch/x86/sections.h"

/* SDM 3A 3.4.5 "Segment Descriptors", 7.2.2 "TSS Descriptor", 6.11 "IDT". */
#define FLAT_LO	       0x0000ffffu
#define HI_HV_CODE     0x00cf9b00u
#define HI_HV_DATA     0x00cf9300u
#define HI_GUEST_CODE  0x00cfbb00u
#define HI_GUEST_DATA  0x00cfb300u
#define HI_TSS	       0x00008900u
#define GATE_INTERRUPT 0x8e00u
#define GATE_TRAP 0x8f00u
#define GATE_TASK      0x8500u
#define GATE_DPL(n)    ((u32)(n) << 13)

extern const u32 hv_stub[X86_VECTORS];
extern char double_fault_task[];

static struct desc hv_idt[X86_VECTORS];
static struct tss df_tss;

static struct desc gate_desc(u32 offset, u32 dpl)
{
	return (struct desc){
		.lo = SEL_HV_CODE << 16 | (offset & 0xffff),
		.hi = (offset & 0xffff0000) | GATE_INTERRUPT | GATE_DPL(dpl),
	};
}

static struct desc tss_desc(const struct tss *t)
{
	u32 base = (u32)(uintptr_t)t;

	return (struct desc){
		.lo = base << 16 | (sizeof(*t) - 1),
		.hi = (base & 0xff000000) | HI_TSS | (base >> 16 & 0xff),
	};
}

static struct dtr table_of(const void *base, size_t size)
{
	return (struct dtr){ .limit = (u16)(size - 1),
			     .base = (u32)(uintptr_t)base };
}

void desc_init_early(void)
{
	struct dtr d = table_of(hv_idt, sizeof(hv_idt));

	for (u32 i = 0; i < X86_VECTORS; i++) {
		hv_idt[i] = gate_desc(hv_stub[i], 0);
	}
	lidt(&d);
}

/*
 * Double faults of the hypervisor run as a task with a stack of its own. A
 * task gate works only while our own tables are loaded: the processor writes
 * the GDT and both TSSs, which guests' tables map read-only.
 */
static void double_fault_init(u32 hv_cr3)
{
	df_tss = (struct tss){
		.cr3 = hv_cr3,
		.eip = (u32)(uintptr_t)double_fault_task,
		.eflags = EFL_ONE,
		.esp = (u32)(uintptr_t)df_stack_top,
		.cs = SEL_HV_CODE,
		.ds = SEL_HV_DATA,
		.es = SEL_HV_DATA,
		.ss = SEL_HV_DATA,
		.iomap_base = sizeof(struct tss),
	};
	switch_state->gdt[GDT_DF_TSS] = tss_desc(&df_tss);
	hv_idt[X86_EXC_DF] =
		(struct desc){ .lo = SEL_DF_TSS << 16, .hi = GATE_TASK };
}

void desc_reset_gdt(struct desc gdt[GDT_ENTRIES])
{
	memset(gdt, 0, GDT_ENTRIES * sizeof(*gdt));
	gdt[GDT_GUEST_CODE] = (struct desc){ FLAT_LO, HI_GUEST_CODE };
	gdt[GDT_GUEST_DATA] = (struct desc){ FLAT_LO, HI_GUEST_DATA };
}

void desc_load_gdt(struct switch_state_page *s,
		   const struct desc gdt[GDT_ENTRIES])
{
	for (u32 i = 0; i < GDT_ENTRIES; i++) {
		if (!desc_is_own_segment(i)) {
			s->gdt[i] = gdt[i];
		}
	}
}

/*
 * INT must not raise the vectors of hardware, such as machine checks, nor
 * those with an error code: INT pushes none, so the frame would not be where
 * the stubs expect it.
 */
static bool is_for_software(u32 vector)
{
	if (vector >= X86_VEC_IRQ) {
		return vector == X86_VEC_SYSCALL;
	}
	return vector != X86_EXC_MC && !(X86_EXC_HAS_EC >> vector & 1);
}

u32 desc_gate_dpl(u32 vector, u32 dpl)
{
	return is_for_software(vector) ? dpl : 0;
}

void desc_set_gate(struct switch_state_page *s, u32 vector, u32 dpl)
{
	s->idt[vector] = gate_desc(switch_stub[vector], dpl);
}

void desc_set_direct(struct switch_state_page *s, u32 vector, u32 handler,
		     u32 dpl)
{
	s->idt[vector] = (struct desc){
		.lo = SEL_GUEST_CODE << 16 | (handler & 0xffff),
		.hi = (handler & 0xffff0000) | GATE_TRAP | GATE_DPL(dpl),
	};
}

void desc_set_dpl(struct switch_state_page *s, u32 vector, u32 dpl)
{
	u32 rest = s->idt[vector].hi & ~GATE_DPL(3);

	s->idt[vector].hi = rest | GATE_DPL(dpl);
}

void desc_init(u32 hv_cr3)
{
	struct switch_state_page *s = switch_state;
	struct dtr gdtr = table_of(s->gdt, sizeof(s->gdt));

	memset(s, 0, sizeof(*s));
	s->hv_cr3 = hv_cr3;
	s->hv_idtr = table_of(hv_idt, sizeof(hv_idt));
	s->guest_idtr = table_of(s->idt, sizeof(s->idt));

	s->gdt[GDT_HV_CODE] = (struct desc){ FLAT_LO, HI_HV_CODE };
	s->gdt[GDT_HV_DATA] = (struct desc){ FLAT_LO, HI_HV_DATA };
	s->gdt[GDT_TSS] = tss_desc(&s->tss);
	s->tss.ss0 = SEL_HV_DATA;
	s->tss.esp0 = SWITCH_REGS + sizeof(struct switch_regs_page);
	/* An I/O bitmap past the limit: every port is refused. */
	s->tss.iomap_base = sizeof(struct tss);
	double_fault_init(hv_cr3);
	s->idt[X86_EXC_NMI] = gate_desc((u32)(uintptr_t)switch_nmi, 0);
	s->idt[X86_VEC_HCALL] = gate_desc(switch_stub[X86_VEC_HCALL], 1);

	/* Same selectors, same flat segments: no reload of them is needed. */
	lgdt(&gdtr);
	ltr(SEL_TSS);
	lldt(0);
}
