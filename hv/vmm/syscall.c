/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Direct delivery: the system call, breakpoint and overflow traps go from
 * ring 3 to the guest's kernel in ring 1 without the hypervisor.
 *
 * A trap-kind gate is the guest's own, with our selector. An interrupt-kind
 * one must clear the virtual interrupt flag, but not the real one: it is a
 * trap gate to a trampoline in the Switcher window, which stores 0 to
 * irq_enabled and jumps to the handler. An interrupt that hits in between is
 * rolled forward by hv/vmm/deliver.c.
 *
 * I1  No other vector is ever direct: a fault of our own, while we load the
 *     guest's segments, must not arrive in ring 1.
 * I2  Both pages are the guest's to read; the one it can write is its own
 *     memory. The trampoline holds no secret and runs in ring 1.
 *
 * LIMIT: an irq_enabled that straddles two pages is not served by the
 * trampoline; such a guest's system calls are reflected.
 *
 * Rules: lguest ABI 4.4. Next: arch/x86/desc.c.
 */
#include "hv/vmm/syscall.h"

#include "arch/x86/desc.h"
#include "arch/x86/layout.h"
#include "hv/vmm/gates.h"
#include "mm/hvmap.h"

/* movl $0, %ss:address; jmp handler. DS is the user's, SS the kernel's. */
struct trampoline {
	u8 movl[3];
	u32 address;
	u32 zero;
	u8 jmp;
	u32 distance; /* from the end of this */
} __packed;

void syscall_init(struct vcpu *v, gpa_t area)
{
	struct guest *g = v->guest;
	u32 offset =
		gpa_offset(area) + offsetof(struct lguest_data, irq_enabled);
	struct trampoline *t = hvmap_page(v->trampoline);
	mfn_t f;

	v->has_trampoline =
		offset <= PAGE_SIZE - sizeof(u32) &&
		p2m_lookup(&g->p2m, gpa_to_gfn(area), &f) == P2M_RAM;
	if (!v->has_trampoline) {
		return;
	}
	*t = (struct trampoline){ .movl = { 0x36, 0xc7, 0x05 },
				  .address = SWITCH_LG + offset,
				  .jmp = 0xe9 };
	v->shared_frame = f;
}

/* Only now do guests need the pages: others never see them. */
static void use_trampoline(struct vcpu *v, u32 handler)
{
	struct trampoline *t = hvmap_page(v->trampoline);
	struct shadow *s = &v->guest->shadow;

	t->distance = handler - (SWITCH_TRAMP + sizeof(*t));
	sh_map_switcher(s, SWITCH_TRAMP, v->trampoline, 0);
	sh_map_switcher(s, SWITCH_LG, v->shared_frame, PTE_RW | s->nx);
}

static bool is_direct(const struct vcpu *v, u32 vector)
{
	const struct guest_gate *gate = &v->gate[vector];

	if (gate->is_interrupt) {
		return vector == X86_VEC_SYSCALL && v->has_trampoline;
	}
	return gate->is_present &&
	       (vector == X86_VEC_SYSCALL || vector == X86_EXC_BP ||
		vector == X86_EXC_OF);
}

/* The real gate, open. */
static void load_gate(const struct vcpu *v, u32 vector)
{
	const struct guest_gate *gate = &v->gate[vector];

	if (is_direct(v, vector)) {
		desc_set_direct(switch_state, vector,
				gate->is_interrupt ? SWITCH_TRAMP
						   : gate->offset,
				gate->dpl);
	} else {
		desc_set_gate(switch_state, vector, gate->dpl);
	}
}

void syscall_set_gate(struct vcpu *v, u32 vector, struct guest_gate gate)
{
	gates_open(v);
	gates_set(v, vector, gate);
	if (gate.is_interrupt && is_direct(v, vector)) {
		use_trampoline(v, gate.offset);
	}
	load_gate(v, vector);
}

void syscall_load_gates(struct vcpu *v)
{
	for (u32 i = 0; i < X86_VECTORS; i++) {
		if (!desc_is_own_gate(i)) {
			load_gate(v, i);
		}
	}
	gates_set_closed(v, v->gates_are_closed);
}
