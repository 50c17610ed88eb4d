/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last words about a guest.
 */
#include "hv/report.h"

#include "arch/x86/cpu.h"
#include "hv/lib/log.h"

static void print_registers(const struct vcpu *v)
{
	const struct cpu_regs *r = v->regs;

	log_error("eax 0x%08x ebx 0x%08x ecx 0x%08x edx 0x%08x", r->eax, r->ebx,
		  r->ecx, r->edx);
	log_error("esi 0x%08x edi 0x%08x ebp 0x%08x esp 0x%08x", r->esi, r->edi,
		  r->ebp, r->esp);
	log_error("cs 0x%02x ss 0x%02x ds 0x%02x es 0x%02x fs 0x%02x gs 0x%02x",
		  r->cs, r->ss, r->ds, r->es, read_fs(), read_gs());
	log_error("eip 0x%08x eflags 0x%08x cr2 0x%08x", r->eip, r->eflags,
		  v->cr2);
}

void report_end(const struct guest *g)
{
	switch (g->end) {
	case GUEST_OFF:
		log_always("guest powered off: %s", g->end_text);
		break;
	case GUEST_RESTART:
		log_always("guest restarted: %s", g->end_text);
		break;
	default:
		log_error("guest killed: %s", g->end_text);
		print_registers(&g->vcpu);
		break;
	}
	if (g->machine->options.stats) {
		stats_print(&g->stats, &g->shadow);
	}
}
