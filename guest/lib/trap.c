// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest's gates, and which of its faults are expected.
 */
#include "guest/lib/trap.h"
#include "guest/lib/hcall.h"

_Static_assert(offsetof(struct lguest_data, irq_enabled) == 0, "entry.S");
_Static_assert(offsetof(struct lguest_data, irq_pending) == LG_IRQ_PENDING,
	       "entry.S");
_Static_assert(LGUEST_IF == LG_IF, "entry.S");

#define GATE_INTERRUPT(dpl) (0x8e00u | (dpl) << 13)

void trap_set_gate(uint32_t vector, const void *entry, uint32_t dpl)
{
	uint32_t at = (uint32_t)entry;

	hcall(HC_LOAD_IDT_ENTRY, vector, at & 0xffff,
	      (at & 0xffff0000) | GATE_INTERRUPT(dpl), 0);
}

void trap_init(void)
{
	uint32_t v;

	for (v = 0; v < TRAP_VECTORS; v++) {
		trap_set_gate(v, trap_stubs + v * TRAP_STUB_SIZE,
			      trap_gate_dpl(v));
	}
}

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
