/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hypercall dispatch and the ring of deferred calls.
 *
 * LIMIT: a ring full of FLUSH_TLB is served at one go, each call in time
 * proportional to the guest's shadow tables. Interrupts wait meanwhile: the
 * console's keys, and the clock event of the guest that asked for it.
 *
 * Rules: lguest ABI 2. Next: hv/vmm/hc_misc.c, hv/vmm/hc_mmu.c,
 * hv/vmm/hc_desc.c.
 */
#include "hv/vmm/hcall.h"

#include "hv/vmm/hc.h"

/* Calls whose whole effect is the drained ring. */
static void hc_nothing(struct vcpu *v, const struct hcall_args *a)
{
	(void)v;
	(void)a;
}

static const hcall_fn table[HC_NUMBERS] = {
	[HC_FLUSH_ASYNC] = hc_nothing,
	[HC_LGUEST_INIT] = hc_init,
	[HC_SHUTDOWN] = hc_shutdown,
	[HC_NEW_PGTABLE] = hc_new_pgtable,
	[HC_FLUSH_TLB] = hc_flush_tlb,
	[HC_LOAD_IDT_ENTRY] = hc_load_idt_entry,
	[HC_SET_STACK] = hc_set_stack,
	[HC_TS] = hc_ts,
	[HC_SET_CLOCKEVENT] = hc_set_clockevent,
	[HC_HALT] = hc_halt,
	[HC_SET_PMD] = hc_set_pmd,
	[HC_SET_PTE] = hc_set_pte,
	[HC_SET_PGD] = hc_set_pgd,
	[HC_LOAD_TLS] = hc_load_tls,
	[HC_NOTIFY] = hc_notify,
	[HC_LOAD_GDT_ENTRY] = hc_load_gdt_entry,
	[HC_SEND_INTERRUPTS] = hc_nothing,
	[HC_UMBRA_QUERY] = hc_query,
};

static void serve(struct vcpu *v, const struct hcall_args *a)
{
	struct guest *g = v->guest;

	if (a->number >= HC_NUMBERS || !table[a->number] ||
	    (a->number == HC_NOTIFY && !g->is_old_layout)) {
		guest_kill(g, "unknown hypercall %u (0x%x)", a->number,
			   a->number);
		return;
	}
	if (!g->lg && a->number != HC_LGUEST_INIT) {
		guest_kill(g, "hypercall %u before LGUEST_INIT", a->number);
		return;
	}
	g->stats.hypercall[a->number]++;
	table[a->number](v, a);
}

/* Serve what waits in the ring, in order, each slot once: lguest ABI 2.3. */
static void drain(struct vcpu *v)
{
	struct guest *g = v->guest;

	for (u32 n = 0; n < HC_RING_SLOTS; n++) {
		volatile struct lguest_hcall *slot =
			&g->lg->hcalls[g->ring_next];
		volatile u8 *status = &g->lg->hcall_status[g->ring_next];
		const struct hcall_args *a;

		if (*status == HC_SLOT_FREE || g->end != GUEST_RUNS) {
			return;
		}
		g->ring_next = (g->ring_next + 1) % HC_RING_SLOTS;
		a = exit_log_ring_call(
			&g->exit_log,
			(struct hcall_args){ slot->number,
					     { slot->arg1, slot->arg2,
					       slot->arg3, slot->arg4 },
					     true });
		serve(v, a);
		*status = HC_SLOT_FREE;
		g->stats.async_drained++;
	}
}

void hcall_serve(struct vcpu *v)
{
	if (v->guest->lg) {
		drain(v);
		if (v->guest->end != GUEST_RUNS) {
			return;
		}
	}
	serve(v, exit_log_call(&v->guest->exit_log, v->regs));
}

/* --- for people ----------------------------------------------------------- */

static const struct {
	const char *name;
	u32 args;
} calls[HC_NUMBERS] = {
	[HC_FLUSH_ASYNC] = { "FLUSH_ASYNC", 0 },
	[HC_LGUEST_INIT] = { "LGUEST_INIT", 1 },
	[HC_SHUTDOWN] = { "SHUTDOWN", 2 },
	[HC_NEW_PGTABLE] = { "NEW_PGTABLE", 1 },
	[HC_FLUSH_TLB] = { "FLUSH_TLB", 1 },
	[HC_LOAD_IDT_ENTRY] = { "LOAD_IDT_ENTRY", 3 },
	[HC_SET_STACK] = { "SET_STACK", 3 },
	[HC_TS] = { "TS", 1 },
	[HC_SET_CLOCKEVENT] = { "SET_CLOCKEVENT", 1 },
	[HC_HALT] = { "HALT", 0 },
	[HC_SET_PMD] = { "SET_PMD", 2 },
	[HC_SET_PTE] = { "SET_PTE", 4 },
	[HC_SET_PGD] = { "SET_PGD", 2 },
	[HC_LOAD_TLS] = { "LOAD_TLS", 1 },
	[HC_NOTIFY] = { "NOTIFY", 1 },
	[HC_LOAD_GDT_ENTRY] = { "LOAD_GDT_ENTRY", 3 },
	[HC_SEND_INTERRUPTS] = { "SEND_INTERRUPTS", 0 },
	[HC_UMBRA_QUERY] = { "UMBRA_QUERY", 1 },
};

const char *hcall_name(u32 number, u32 *args)
{
	if (number >= HC_NUMBERS || !calls[number].name) {
		return NULL;
	}
	*args = calls[number].args;
	return calls[number].name;
}
