/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Gates that software may use: int, int3, into.
 *
 * A guest whose traps turn interrupts off turns them on again by an iret,
 * which tells nobody. Between two traps it may do next to nothing, so the
 * next trap is where an interrupt that waits is to be delivered: before it.
 * A fault happens again, but an int is over when it exits, and a direct gate
 * does not even exit. While something waits, their DPL is therefore 0, and
 * each such instruction is a #GP at its own address.
 *
 * I1  The gates are closed only while an interrupt waits for the guest to
 *     enable interrupts: hv/vmm/deliver.c.
 *
 * LIMIT: single steps are traps that nothing turns into faults. A guest that
 * steps through an interrupt gate all the time waits for hv/vmm/vtime.c's retry
 * to hit the one instruction between two of them.
 *
 * Rules: lguest ABI 4.9, 5.8; SDM 3A 6.12.1.2 "Protection of Exception- and
 * Interrupt-Handler Procedures", 6.13 "Error Code". Next: hv/vmm/deliver.c.
 */
#include "hv/vmm/gates.h"

#include "arch/x86/desc.h"

/* Error code of a fault that an IDT entry is to blame for. */
#define ERROR_EXT 1u
#define ERROR_IDT 2u

static void set_bit(u32 *bits, u32 n, bool is_set)
{
	*bits = (*bits & ~(1u << n)) | (u32)is_set << n;
}

void gates_set(struct vcpu *v, u32 vector, struct guest_gate gate)
{
	v->gate[vector] = gate;
	if (vector < X86_VEC_IRQ) {
		set_bit(&v->soft_gates, vector, gate.dpl != 0);
	} else if (vector - X86_VEC_IRQ < VIRQ_LINES) {
		set_bit(&v->irq_gates, vector - X86_VEC_IRQ, gate.is_present);
	}
}

void gates_set_closed(struct vcpu *v, bool are_closed)
{
	v->gates_are_closed = are_closed;
	for (u32 rest = v->soft_gates; rest; rest &= rest - 1) {
		u32 vector = (u32)__builtin_ctz(rest);

		desc_set_dpl(switch_state, vector,
			     are_closed ? 0 : v->gate[vector].dpl);
	}
	desc_set_dpl(switch_state, X86_VEC_SYSCALL,
		     are_closed ? 0 : v->gate[X86_VEC_SYSCALL].dpl);
}

bool gates_have_refused(const struct vcpu *v)
{
	u32 error = v->regs->error, vector = error >> 3;

	return v->gates_are_closed &&
	       (error & (ERROR_EXT | ERROR_IDT)) == ERROR_IDT &&
	       vector < X86_VECTORS &&
	       v->gate[vector].dpl >= (v->regs->cs & SEL_RPL);
}

void gates_let_trap(struct vcpu *v)
{
	gates_open(v);
	v->lets_trap = true;
}
