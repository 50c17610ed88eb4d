/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's interrupt lines: who raised what. Delivery is
 * hv/vmm/deliver.c's.
 */
#pragma once

#include "hv/lib/types.h"

#define VIRQ_LINES 32
#define VIRQ_TIMER 0

struct virq {
	u32 pending; /* bit n: line n was raised and not yet delivered */
};

/* Raise @line (below VIRQ_LINES). It stays raised until it is delivered. */
static inline void virq_raise(struct virq *q, u32 line)
{
	q->pending |= 1u << line;
}
