/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last exits and hypercalls, and the number of all of them.
 *
 * Next: hv/vmm/exit_log.h, which records.
 */
#include <stdio.h>
#include <string.h>

#include "arch/x86/trap.h"
#include "hv/lib/decimal.h"
#include "hv/lib/log.h"
#include "hv/report/guest_symbols.h"
#include "hv/report/report_priv.h"
#include "hv/vmm/hcall.h"

static void format_call(char *text, size_t size, const struct hcall_args *c)
{
	u32 n = ARRAY_SIZE(c->arg);
	const char *name = hcall_name(c->number, &n);
	u32 used;

	if (name) {
		used = (u32)snprintf(text, size, "%s", name);
	} else {
		used = (u32)snprintf(text, size, "hypercall %u", c->number);
	}
	for (u32 i = 0; i < n; i++) {
		used += (u32)snprintf(text + used, size - used, " 0x%x",
				      c->arg[i]);
	}
}

static void print_repeats(u32 count)
{
	if (count) {
		log_error("  ... and again, %u times", count);
	}
}

static void print_event(const struct guest_symbols *s,
			const struct exit_record *e)
{
	char what[80], name[GUEST_SYMBOL_TEXT];

	guest_symbols_code(s, name, e->eip);
	switch (e->vector) {
	case EXIT_LOG_NONE:
		return;
	case EXIT_LOG_RING:
		format_call(what, sizeof(what), &e->call);
		log_error("  %s, deferred", what);
		return;
	case X86_VEC_HCALL:
		format_call(what, sizeof(what), &e->call);
		guest_symbols_return(s, name, e->eip);
		break;
	case EXIT_LOG_IO:
		snprintf(what, sizeof(what), "instruction emulated");
		break;
	case EXIT_LOG_SWITCH:
		snprintf(what, sizeof(what), "entry refused, error 0x%x",
			 e->error);
		break;
	case X86_EXC_PF:
		snprintf(what, sizeof(what),
			 "page fault for 0x%08x, error 0x%x", e->cr2, e->error);
		break;
	default:
		snprintf(what, sizeof(what), "%s %u, error 0x%x",
			 trap_name(e->vector), e->vector, e->error);
		break;
	}
	if (!*name) {
		snprintf(name, sizeof(name), "0x%08x", e->eip);
	}
	log_error("  %s, at %s", what, name);
	if (e->vector == EXIT_LOG_IO) {
		print_repeats(e->again);
	}
}

/* Compares used fields only: the rest of a slot is left from older exits. */
static bool is_same(const struct exit_record *a, const struct exit_record *b)
{
	bool is_call = a->vector == X86_VEC_HCALL || a->vector == EXIT_LOG_RING;

	if (a->vector != b->vector || a->vector == EXIT_LOG_NONE ||
	    (a->vector != EXIT_LOG_RING && a->eip != b->eip)) {
		return false;
	}
	return is_call ? !memcmp(&a->call, &b->call,
				 offsetof(struct hcall_args, is_deferred))
		       : a->error == b->error && a->cr2 == b->cr2;
}

void report_last_exits(const struct guest_symbols *s)
{
	const struct exit_log *log = &s->guest->exit_log;
	u32 oldest = log->next / sizeof(struct exit_record);

	const struct exit_record *e, *before = NULL;
	u32 repeats = 0;

	log_error("last exits and hypercalls, newest last:");
	for (u32 i = 0; i < EXIT_LOG_SIZE; i++, before = e) {
		e = &log->slot[(oldest + i) % EXIT_LOG_SIZE];
		if (before && is_same(e, before)) {
			repeats++;
			continue;
		}
		print_repeats(repeats);
		print_event(s, e);
		repeats = 0;
	}
	print_repeats(repeats);
}

void report_counts(const struct guest *g)
{
	const struct stats *s = &g->stats;
	char text[5][DECIMAL_MAX];

	log_error("exits %s: hypercalls %s, page faults %s, protection %s, "
		  "interrupts %s",
		  decimal_u64(text[0], stats_exits(s)),
		  decimal_u64(text[1], s->exit[EXIT_HYPERCALL]),
		  decimal_u64(text[2], s->exit[EXIT_PAGE_FAULT]),
		  decimal_u64(text[3], s->exit[EXIT_PROTECTION]),
		  decimal_u64(text[4], s->exit[EXIT_INTERRUPT]));
	log_error("shadow pages %u; faults filled %s, reflected %s",
		  sh_pages(&g->shadow), decimal_u64(text[0], s->faults_filled),
		  decimal_u64(text[1], s->faults_reflected));
}
