/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Printing the counters. Names are the contract with users and tests.
 */
#include "hv/vmm/stats.h"

#include <stdio.h>
#include <string.h>

#include "arch/x86/cpu.h"
#include "hv/lib/decimal.h"
#include "hv/lib/log.h"
#include "hv/vmm/hcall.h"

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

u64 stats_exits(const struct stats *s)
{
	u64 sum = 0;

	for (u32 i = 0; i < EXIT_REASONS; i++) {
		sum += s->exit[i];
	}
	return sum;
}

void stats_start(struct stats *s)
{
	s->start = rdtsc();
}

/* The reason is whichever counter the exit has moved. */
void stats_stop(struct stats *s)
{
	u64 ticks = rdtsc() - s->start;
	u32 bucket = 0;

	while (ticks >>= 1) {
		bucket++;
	}
	bucket = min_u32(bucket, STATS_BUCKETS - 1);
	for (u32 i = 0; i < EXIT_REASONS; i++) {
		s->ticks[i][bucket] += s->exit[i] != s->exit_before[i];
		s->exit_before[i] = s->exit[i];
	}
}

static void print_ticks(const struct stats *s)
{
	char name[48];

	for (u32 i = 0; i < EXIT_REASONS; i++) {
		for (u32 n = 0; n < STATS_BUCKETS; n++) {
			if (s->ticks[i][n]) {
				snprintf(name, sizeof(name), "ticks.%s.2^%u",
					 exit_names[i] + strlen("exit."), n);
				print(name, s->ticks[i][n]);
			}
		}
	}
}

void stats_print(const struct stats *s, const struct shadow *sh,
		 const struct vtime_counts *t)
{
	char name[32];
	u32 unused;

	print("exits", stats_exits(s));
	for (u32 i = 0; i < EXIT_REASONS; i++) {
		print(exit_names[i], s->exit[i]);
	}
	for (u32 i = 0; i < HC_NUMBERS; i++) {
		if (s->hypercall[i]) {
			snprintf(name, sizeof(name), "hypercall.%s",
				 hcall_name(i, &unused));
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
	print("irqs.before-fault", s->irqs_before_fault);
	print("irqs.window-waits", s->window_waits);
	print("irqs.rolled-forward", s->rolled_forward);
	print("timer.fired", t->fired);
	print("timer.late-ns", t->late_ns);
	print("timer.retries", t->retries);
	print("async.drained", s->async_drained);
	print("emulated", s->emulated);
	print_ticks(s);
}
