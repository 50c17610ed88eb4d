/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counting exits, and the ticks that each takes.
 */
#include "hv/vmm/stats.h"

#include "arch/x86/cpu.h"

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
