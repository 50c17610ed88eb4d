/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's descriptors and its kernel stack.
 *
 * I1  No descriptor of a guest's making has DPL 0, and none is a system
 *     descriptor: neither a far jump nor an iret finds a way into ring 0.
 *
 * Rules: lguest ABI 4.1-4.5.
 */
#include "arch/x86/desc.h"
#include "hv/vmm/gates.h"
#include "hv/vmm/hc.h"
#include "hv/vmm/syscall.h"
#include "mm/gaccess.h"

/* High dword of a segment descriptor. SDM 3A 3.4.5. */
#define SEG_ACCESSED 0x00000100u
#define SEG_S	     0x00001000u /* code or data, not a system descriptor */
#define SEG_DPL	     0x00006000u
#define SEG_DPL_1    0x00002000u

#define STACK_PAGES_MAX 2

#define GATE_PRESENT	    0x8000u
#define GATE_TYPE(hi)	    ((hi) >> 8 & 0xf)
#define GATE_DPL(hi)	    ((hi) >> 13 & 0x3)
#define GATE_TYPE_INTERRUPT 0xe
#define GATE_TYPE_TRAP	    0xf

/* Vectors whose gates no guest loads: writes are ignored. */
static bool is_owned_vector(u32 vector)
{
	return desc_is_own_gate(vector) || vector == X86_EXC_DF || vector == 15;
}

void hc_load_idt_entry(struct vcpu *v, const struct hcall_args *a)
{
	u32 vector = a->arg[0], lo = a->arg[1], hi = a->arg[2];
	struct guest_gate gate = { 0 };

	if (is_owned_vector(vector)) {
		return;
	}
	if (vector >= X86_VECTORS) {
		guest_kill(v->guest, "IDT entry %u does not exist", vector);
		return;
	}
	if (hi & GATE_PRESENT) {
		if (GATE_TYPE(hi) != GATE_TYPE_INTERRUPT &&
		    GATE_TYPE(hi) != GATE_TYPE_TRAP) {
			guest_kill(v->guest, "IDT entry %u has type 0x%x",
				   vector, GATE_TYPE(hi));
			return;
		}
		gate = (struct guest_gate){
			.offset = (hi & 0xffff0000) | (lo & 0xffff),
			.is_present = true,
			.is_interrupt = GATE_TYPE(hi) == GATE_TYPE_INTERRUPT,
		};
	}
	gate.dpl = (u8)desc_gate_dpl(vector, GATE_DPL(hi));
	syscall_set_gate(v, vector, gate);
}

/* The one filter for segment descriptors: lguest ABI 4.2. */
static struct desc filter_segment(u32 lo, u32 hi)
{
	if (!(hi & SEG_S)) {
		return (struct desc){ 0, SEG_ACCESSED };
	}
	if (!(hi & SEG_DPL)) {
		hi |= SEG_DPL_1;
	}
	/* The live GDT is read-only: a processor must not need to set it. */
	return (struct desc){ lo, hi | SEG_ACCESSED };
}

static void set_segment(struct vcpu *v, u32 index, u32 lo, u32 hi)
{
	if (!desc_is_own_segment(index)) {
		vcpu_set_segment(v, index, filter_segment(lo, hi));
	}
}

void hc_load_gdt_entry(struct vcpu *v, const struct hcall_args *a)
{
	if (a->arg[0] >= GDT_ENTRIES) {
		guest_kill(v->guest, "GDT entry %u does not exist", a->arg[0]);
		return;
	}
	set_segment(v, a->arg[0], a->arg[1], a->arg[2]);
}

void hc_load_tls(struct vcpu *v, const struct hcall_args *a)
{
	struct desc tls[GDT_TLS_LAST - GDT_TLS_FIRST + 1];

	if (gaccess_read(&v->guest->p2m, tls, mk_gpa(a->arg[0]), sizeof(tls))) {
		guest_kill(v->guest, "TLS descriptors at 0x%08x not in RAM",
			   a->arg[0]);
		return;
	}
	for (u32 i = 0; i < ARRAY_SIZE(tls); i++) {
		set_segment(v, GDT_TLS_FIRST + i, tls[i].lo, tls[i].hi);
	}
}

/*
 * Stack pages are made present at once: a system call that the processor
 * delivers without an exit pushes there. A missing one is found by the page
 * fault of that push, so this is for speed and for the guest's author.
 */
static bool pin_page(struct guest *g, u32 va)
{
	struct gwalk w;

	for (;;) {
		switch (sh_fault(&g->shadow, mk_gva(va), PFEC_W, &w)) {
		case SH_FIXED:
			return true;
		case SH_REFILL:
			continue;
		default:
			return false;
		}
	}
}

void hc_set_stack(struct vcpu *v, const struct hcall_args *a)
{
	struct guest *g = v->guest;
	u32 ss = a->arg[0], esp = a->arg[1], pages = a->arg[2];

	if ((ss & SEL_RPL) != 1) {
		guest_kill(g, "SET_STACK with SS 0x%x, not of ring 1", ss);
		return;
	}
	if (pages > STACK_PAGES_MAX) {
		guest_kill(g, "SET_STACK with %u pages, more than %u", pages,
			   STACK_PAGES_MAX);
		return;
	}
	for (u32 i = 0; i < pages; i++) {
		u32 va = esp - 1 - i * PAGE_SIZE;

		if (!pin_page(g, va)) {
			guest_kill(g, "SET_STACK: 0x%08x is not writable", va);
			return;
		}
	}
	vcpu_set_stack(v, (u16)ss, esp);
}
