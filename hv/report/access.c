/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the guest attempted, in words, and what that usually means.
 *
 * Next: hv/report/trace.c.
 */
#include "hv/lib/log.h"
#include "hv/report/guest_symbols.h"
#include "hv/report/report_priv.h"
#include "mm/peek.h"

/* An access below this address is taken for a null pointer. */
#define NULL_AREA 0x1000u

/* A push, a call or a prologue touches memory this close to ESP. */
#define STACK_REACH 256u

static const struct exit_record *last_trap(const struct guest *g)
{
	const struct exit_record *e = exit_log_last(&g->exit_log);

	/* An older one if EIP differs: not every exit is recorded. */
	if (e->eip != g->vcpu.regs->eip) {
		return NULL;
	}
	/* An interrupt of the machine is no attempt of the guest. */
	return (e->vector < X86_VEC_IRQ || e->vector == X86_VEC_SYSCALL) &&
			       e->vector != X86_VEC_HCALL
		       ? e
		       : NULL;
}

bool report_fault_address(const struct guest *g, u32 *va)
{
	const struct exit_record *e = last_trap(g);

	if (!e || e->vector != X86_EXC_PF) {
		return false;
	}
	*va = e->cr2;
	return true;
}

static bool is_mapped(const struct guest *g, u32 va)
{
	gpa_t a;

	return peek_translate(&g->mmu, mk_gva(va), &a);
}

static bool is_stack_gone(const struct guest *g, u32 va)
{
	return va - g->vcpu.regs->esp + STACK_REACH < 2 * STACK_REACH &&
	       !is_mapped(g, va);
}

static void explain_page_fault(const struct guest_symbols *s,
			       const struct exit_record *e)
{
	const struct guest *g = s->guest;
	/* The error code that the guest was told, not the processor's. */
	u32 error = g->vcpu.regs->error;
	const char *what = error & PFEC_W ? "write to" : "read of";
	char name[GUEST_SYMBOL_TEXT];
	u32 va = e->cr2;

	if (e->eip == va) {
		what = "jump to";
	}
	log_error("  %s 0x%08x in ring %u: %s", what, va,
		  error & PFEC_U ? 3 : 1,
		  error & PFEC_P ? "the page does not allow it"
				 : "no page is mapped there");
	if (*guest_symbols_any(s, name, va)) {
		log_error("  0x%08x is %s", va, name);
	}
	if (is_stack_gone(g, va)) {
		log_error("  esp points there: the stack has overflowed, or "
			  "esp is wrong");
	} else if (va < NULL_AREA) {
		log_error("  a null pointer was %s",
			  e->eip == va ? "called" : "followed");
	}
}

static void explain_missing_gate(const struct guest *g,
				 const struct exit_record *e)
{
	if (g->vcpu.gate[e->vector].is_present) {
		return;
	}
	for (u32 i = 0; i < X86_VECTORS; i++) {
		if (g->vcpu.gate[i].is_present) {
			log_error("  the guest has loaded no gate for it");
			return;
		}
	}
	log_error("  the guest has loaded no gates yet%s",
		  g->lg ? "" : ", nor made its first hypercall");
}

void report_access(const struct guest_symbols *s)
{
	const struct guest *g = s->guest;
	const struct exit_record *e = last_trap(g);

	if (g->is_native) {
		log_error("  kernels for a bare PC do that; a guest begins "
			  "with hypercall 1");
		log_error("  Linux up to 4.13: enable PARAVIRT and "
			  "LGUEST_GUEST, from 4.0 on PCI");
	}
	if (!e) {
		return;
	}
	if (e->vector == X86_EXC_PF) {
		explain_page_fault(s, e);
	}
	explain_missing_gate(g, e);
}
