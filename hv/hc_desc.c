/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's descriptors.
 *
 * Rules: lguest ABI 4.3.
 */
#include "hv/hc.h"

#define GATE_PRESENT	    0x8000u
#define GATE_TYPE(hi)	    ((hi) >> 8 & 0xf)
#define GATE_TYPE_INTERRUPT 0xe
#define GATE_TYPE_TRAP	    0xf

/* Vectors whose gates belong to the hypervisor: writes are ignored. */
static bool is_owned_vector(u32 vector)
{
	return vector == X86_EXC_NMI || vector == X86_EXC_DF || vector == 15 ||
	       vector == X86_VEC_HCALL;
}

void hc_load_idt_entry(struct vcpu *v, const struct hcall_args *a)
{
	u32 vector = a->arg[0], lo = a->arg[1], hi = a->arg[2];
	struct guest_gate gate = { 0, false, false };

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
	v->gate[vector] = gate;
}
