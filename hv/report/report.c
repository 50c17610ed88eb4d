/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report at a guest's end. A crash report is for the guest's author: the
 * most important facts come first, because a screen may not show the rest.
 *
 * I1  Nothing of the guest is written, and no accessed bit changes.
 * I2  Everything is bounded, whatever state the guest is in.
 * I3  Text of the guest is escaped.
 *
 * Distrusts: the guest's registers, memory and tables, and its ELF file.
 * Next: hv/report/guest_symbols.c, hv/report/trace.c.
 */
#include "hv/report/report.h"

#include "hv/lib/console.h"
#include "hv/lib/log.h"
#include "hv/pc/consoles.h"
#include "hv/report/guest_symbols.h"
#include "hv/report/report_priv.h"

/* Set up anew for each report; static because it is too big for the stack. */
static struct guest_symbols names;

static void report_crash(struct guest *g)
{
	/* The machine stays as it is, so the screen is to keep the start. */
	if (g->machine->options.on_crash == END_HALT ||
	    g->machine->options.on_crash == END_EXIT) {
		console_pin(consoles_have_input() ? "... Ctrl-] h for help"
						  : "...");
	}
	log_error("guest killed: %s", g->end_text);
	vcpu_store(&g->vcpu);
	guest_symbols_open(&names, g);
	report_access(&names);
	report_trace(&names);
	report_registers(g);
	report_code(g);
	report_walks(g);
	report_stack(g);
	report_control(g);
	report_log(&names);
	report_last_exits(&names);
	report_counts(g);
}

void report_now(struct guest *g)
{
	vcpu_store(&g->vcpu);
	guest_symbols_open(&names, g);
	report_trace(&names);
	report_registers(g);
	report_control(g);
}

void report_exits(struct guest *g)
{
	guest_symbols_open(&names, g);
	report_last_exits(&names);
	report_counts(g);
}

void report_end(struct guest *g)
{
	switch (g->end) {
	case GUEST_OFF:
		log_always("guest powered off: %s", g->end_text);
		break;
	case GUEST_RESTART:
		log_always("guest restarted: %s", g->end_text);
		break;
	default:
		report_crash(g);
		break;
	}
	if (g->machine->options.stats) {
		report_stats(g);
	}
}
