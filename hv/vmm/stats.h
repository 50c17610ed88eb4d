/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters of one guest, over all of its restarts.
 */
#pragma once

#include "hv/abi/hypercall.h"
#include "hv/lib/types.h"

/*
 * Why the guest left the processor: constant, and name for people. Each exit
 * counts for exactly one of them.
 */
#define EXIT_REASON_LIST(X)                                         \
	X(HYPERCALL, "hypercall")                                   \
	X(PAGE_FAULT, "page-fault")                                 \
	X(PROTECTION, "protection") /* #GP */                       \
	X(INTERRUPT, "interrupt")   /* of the machine's hardware */ \
	X(NMI, "nmi")                                               \
	X(EXCEPTION, "exception") /* any other */                   \
	X(SWITCH, "switch")	  /* the Switcher could not load its state */

enum exit_reason {
#define X(constant, name) EXIT_##constant,
	EXIT_REASON_LIST(X)
#undef X
	EXIT_REASONS
};

/* Whatever else is counted: field of struct stats, and name for people. */
#define STATS_LIST(X)                                                        \
	/* page faults repaired in the shadow alone, given to the guest */   \
	X(faults_filled, "shadow.faults")                                    \
	X(faults_reflected, "faults.reflected")                              \
	/* times shadow memory ran out */                                    \
	X(shadow_refills, "shadow.refills")                                  \
	/* virtual interrupts given to the guest; of those, in place of a */ \
	/* frame being left; times one came before a fault */                \
	X(irqs_injected, "irqs.injected")                                    \
	X(irqs_at_iret, "irqs.at-iret")                                      \
	X(irqs_before_fault, "irqs.before-fault")                            \
	/* times one hit the window of an old guest, a gate's trampoline */  \
	X(window_waits, "irqs.window-waits")                                 \
	X(rolled_forward, "irqs.rolled-forward")                             \
	/* calls taken from the ring; instructions carried out for it */     \
	X(async_drained, "async.drained")                                    \
	X(emulated, "emulated")

/* Bucket n: [2^n, 2^(n+1)) ticks of the time-stamp counter. */
#define STATS_BUCKETS 40

struct stats {
	u64 exit[EXIT_REASONS];
	u64 hypercall[HC_NUMBERS];
#define X(field, name) u64 field;
	STATS_LIST(X)
#undef X
	bool is_timed; /* stats=on: what follows is kept */
	u64 start;     /* of serving the exit */
	u64 exit_before[EXIT_REASONS];
	u64 ticks[EXIT_REASONS][STATS_BUCKETS]; /* exits by what they took */
};

/* Exits for all reasons. */
u64 stats_exits(const struct stats *s);

/* Around the serving of one exit: put its ticks where they belong. */
void stats_start(struct stats *s) __attribute__((cold, noinline));
void stats_stop(struct stats *s) __attribute__((cold, noinline));
