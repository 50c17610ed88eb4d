// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which faults of the kernel are expected.
 */
#include "guest/lib/trap.h"
#include "hv/abi/lguest.h"

_Static_assert(offsetof(struct lguest_data, irq_enabled) == 0, "entry.S");
_Static_assert(offsetof(struct lguest_data, irq_pending) == LG_IRQ_PENDING,
	       "entry.S");
_Static_assert(LGUEST_IF == LG_IF, "entry.S");

/* The linker gathers them. */
extern const struct fixup {
	uint32_t at, to;
} fixups[], fixups_end[];

uint32_t trap_fixup(uint32_t eip)
{
	const struct fixup *f;

	for (f = fixups; f < fixups_end; f++) {
		if (f->at == eip) {
			return f->to;
		}
	}
	return 0;
}
