/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest that does anything, one operation at a time, in the world of
 * world.h: sane edits of its tables, announced or not, and nonsense.
 */
#pragma once

#include "test/host/world.h"

#define GUEST_ROOTS 24

struct guest_random {
	u64 rng;
	u64 root[GUEST_ROOTS];
	u64 current;
	/*
	 * What the shadow may show. Calm: each change since the last
	 * FLUSH_TLB(1) was announced in a way that reaches all that was made
	 * from the entry, so the user half of the current root agrees with
	 * the guest's tables. Calm kernel: the kernel half agrees too.
	 */
	bool is_calm, is_kernel_calm;
	u32 edits_allowed; /* false: nothing that ends the calm */
	char last[160];	   /* what the last operation was */
};

extern struct guest_random guest;

/* Begin with sane tables, in a world that was just made or reset. */
void guest_start(u64 seed);

/* One operation. */
void guest_step(void);

/* A number below @n. */
u32 guest_rnd(u32 n);
