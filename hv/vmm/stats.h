/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters of one guest, over all of its restarts.
 */
#pragma once

#include "hv/abi/hypercall.h"
#include "hv/lib/types.h"
#include "hv/vmm/vtime.h"
#include "mm/shadow.h"

/* Why the guest left the processor. */
enum exit_reason {
	EXIT_HYPERCALL,
	EXIT_PAGE_FAULT,
	EXIT_PROTECTION, /* #GP */
	EXIT_INTERRUPT,	 /* of the machine's hardware */
	EXIT_NMI,
	EXIT_EXCEPTION, /* any other */
	EXIT_SWITCH,	/* the Switcher could not load the guest's state */
	EXIT_REASONS,
};

/* Bucket n: [2^n, 2^(n+1)) ticks of the time-stamp counter. */
#define STATS_BUCKETS 40

struct stats {
	u64 exit[EXIT_REASONS];
	u64 hypercall[HC_NUMBERS];
	u64 faults_filled;     /* page faults repaired in the shadow alone */
	u64 faults_reflected;  /* page faults given to the guest */
	u64 shadow_refills;    /* times shadow memory ran out */
	u64 irqs_injected;     /* virtual interrupts given to the guest */
	u64 irqs_at_iret;      /* of those: in place of a frame being left */
	u64 irqs_before_fault; /* times one came before a fault */
	u64 window_waits;      /* times one hit the window of an old guest */
	u64 rolled_forward;    /* times one hit the trampoline of a gate */
	u64 async_drained;     /* calls taken from the ring */
	u64 emulated;	       /* instructions carried out for the guest */
	bool is_timed;	       /* stats=on: what follows is kept */
	u64 start;	       /* of serving the exit */
	u64 exit_before[EXIT_REASONS];
	u64 ticks[EXIT_REASONS][STATS_BUCKETS]; /* exits by what they took */
};

/* Exits for all reasons. */
u64 stats_exits(const struct stats *s);

/* Around the serving of one exit: put its ticks where they belong. */
void stats_start(struct stats *s) __attribute__((cold, noinline));
void stats_stop(struct stats *s) __attribute__((cold, noinline));

/* Print one "stat NAME VALUE" line for each counter. */
void stats_print(const struct stats *s, const struct shadow *sh,
		 const struct vtime_counts *t);
