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

/* Number, what serves it, how many arguments it has. */
#define CALLS(X)                                \
	X(FLUSH_ASYNC, hc_nothing, 0)           \
	X(LGUEST_INIT, hc_init, 1)              \
	X(SHUTDOWN, hc_shutdown, 2)             \
	X(NEW_PGTABLE, hc_new_pgtable, 1)       \
	X(FLUSH_TLB, hc_flush_tlb, 1)           \
	X(LOAD_IDT_ENTRY, hc_load_idt_entry, 3) \
	X(SET_STACK, hc_set_stack, 3)           \
	X(TS, hc_ts, 1)                         \
	X(SET_CLOCKEVENT, hc_set_clockevent, 1) \
	X(HALT, hc_halt, 0)                     \
	X(SET_PMD, hc_set_pmd, 2)               \
	X(SET_PTE, hc_set_pte, 4)               \
	X(SET_PGD, hc_set_pgd, 2)               \
	X(LOAD_TLS, hc_load_tls, 1)             \
	X(NOTIFY, hc_notify, 1)                 \
	X(LOAD_GDT_ENTRY, hc_load_gdt_entry, 3) \
	X(SEND_INTERRUPTS, hc_nothing, 0)       \
	X(UMBRA_QUERY, hc_query, 1)

static const hcall_fn table[HC_NUMBERS] = {
#define X(number, serve, args) [HC_##number] = (serve),
	CALLS(X)
#undef X
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
#define X(number, serve, args) [HC_##number] = { #number, args },
	CALLS(X)
#undef X
};

const char *hcall_name(u32 number, u32 *args)
{
	if (number >= HC_NUMBERS || !calls[number].name) {
		return NULL;
	}
	*args = calls[number].args;
	return calls[number].name;
}
