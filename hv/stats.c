/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Printing the counters. Names are the contract with users and tests.
 */
#include "hv/stats.h"

#include <stdio.h>

#include "hv/lib/decimal.h"
#include "hv/lib/log.h"

static const char *const exit_names[EXIT_REASONS] = {
	[EXIT_HYPERCALL] = "exit.hypercall",
	[EXIT_PAGE_FAULT] = "exit.page-fault",
	[EXIT_PROTECTION] = "exit.protection",
	[EXIT_INTERRUPT] = "exit.interrupt",
	[EXIT_NMI] = "exit.nmi",
	[EXIT_EXCEPTION] = "exit.exception",
	[EXIT_SWITCH] = "exit.switch",
};

static void print(const char *name, u64 value)
{
	char text[DECIMAL_MAX];

	log_always("stat %s %s", name, decimal_u64(text, value));
}

void stats_print(const struct stats *s, const struct shadow *sh)
{
	char name[32];

	print("exits", s->exits);
	for (u32 i = 0; i < EXIT_REASONS; i++) {
		print(exit_names[i], s->exit[i]);
	}
	for (u32 i = 0; i < HC_NUMBERS; i++) {
		if (s->hypercall[i]) {
			snprintf(name, sizeof(name), "hypercall.%u", i);
			print(name, s->hypercall[i]);
		}
	}
	print("shadow.faults", s->faults_filled);
	print("shadow.refills", s->shadow_refills);
	print("shadow.pages", sh_pages(sh));
	print("shadow.prefaulted", sh->stats.prefaulted);
	print("shadow.checked", sh->stats.checked);
	print("shadow.mended", sh->stats.mended);
	print("shadow.recycled", sh->stats.recycled);
	print("shadow.repaired", sh->stats.repaired);
	print("faults.reflected", s->faults_reflected);
	print("irqs.injected", s->irqs_injected);
	print("irqs.at-iret", s->irqs_at_iret);
	print("irqs.rolled-forward", s->rolled_forward);
	print("async.drained", s->async_drained);
	print("emulated", s->emulated);
}
