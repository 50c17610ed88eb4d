/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The counters of a guest, one "stat NAME VALUE" line for each. Users and tests
 * rely on the names.
 */
#include <stdio.h>

#include "arch/x86/irq.h"
#include "hv/lib/console.h"
#include "hv/lib/decimal.h"
#include "hv/lib/log.h"
#include "hv/report/report.h"
#include "hv/vmm/hcall.h"

static const char *const exit_names[EXIT_REASONS] = {
#define X(constant, name) [EXIT_##constant] = (name),
	EXIT_REASON_LIST(X)
#undef X
};

static void print(const char *name, u64 value)
{
	char text[DECIMAL_MAX];

	log_always("stat %s %s", name, decimal_u64(text, value));
}

static void print_ticks(const struct stats *s)
{
	char name[48];

	for (u32 i = 0; i < EXIT_REASONS; i++) {
		for (u32 n = 0; n < STATS_BUCKETS; n++) {
			if (s->ticks[i][n]) {
				snprintf(name, sizeof(name), "ticks.%s.2^%u",
					 exit_names[i], n);
				print(name, s->ticks[i][n]);
			}
		}
	}
}

void report_stats(struct guest *g)
{
	const struct stats *s = &g->stats;
	char name[32];
	u32 unused;

	print("exits", stats_exits(s));
	for (u32 i = 0; i < EXIT_REASONS; i++) {
		snprintf(name, sizeof(name), "exit.%s", exit_names[i]);
		print(name, s->exit[i]);
	}
	for (u32 i = 0; i < HC_NUMBERS; i++) {
		if (s->hypercall[i]) {
			snprintf(name, sizeof(name), "hypercall.%s",
				 hcall_name(i, &unused));
			print(name, s->hypercall[i]);
		}
	}
#define X(field, name) print(name, s->field);
	STATS_LIST(X)
#undef X
	print("shadow.pages", sh_pages(&g->shadow));
#define X(field, name) print(name, g->shadow.stats.field);
	SH_STATS_LIST(X)
#undef X
#define X(field, name) print(name, g->time.counts.field);
	VTIME_COUNTS_LIST(X)
#undef X
	print("disk.refused", board_refused_writes(&g->board));
	print("irqs.spurious", irq_spurious_count());
	print("console.input", console_input_count());
	print("console.lost", console_input_lost());
	print_ticks(s);
}
