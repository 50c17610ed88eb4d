/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one way to write a 64-bit page-table entry.
 */
#pragma once

#include "arch/x86/pte.h"
#include "hv/lib/types.h"

/*
 * Write @value to a live entry. The processor walks tables at any moment,
 * and a 32-bit machine writes 64 bits in two halves: to make present, the
 * high half goes first; to clear, the low half. A present entry that is to
 * name another frame above 4 GiB is cleared before.
 */
static inline void pte_set(u64 *entry, u64 value)
{
	volatile u32 *half = (volatile u32 *)entry;

	if (value & PTE_P) {
		half[1] = HI32(value);
		half[0] = LO32(value);
	} else {
		half[0] = LO32(value);
		half[1] = HI32(value);
	}
}
