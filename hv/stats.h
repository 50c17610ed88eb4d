/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counters of one guest, over all of its restarts.
 */
#pragma once

#include "hv/abi/hypercall.h"
#include "hv/lib/types.h"
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

struct stats {
	u64 exits;
	u64 exit[EXIT_REASONS];
	u64 hypercall[HC_NUMBERS];
	u64 faults_filled;    /* page faults repaired in the shadow alone */
	u64 faults_reflected; /* page faults given to the guest */
	u64 shadow_refills;   /* times shadow memory ran out */
	u64 irqs_injected;    /* virtual interrupts given to the guest */
	u64 irqs_at_iret;     /* of those: in place of a frame being left */
	u64 rolled_forward;   /* times one hit the trampoline of a gate */
	u64 async_drained;    /* calls taken from the ring */
	u64 emulated;	      /* instructions carried out for the guest */
};

/* Print one "stat NAME VALUE" line for each counter. */
void stats_print(const struct stats *s, const struct shadow *sh);
