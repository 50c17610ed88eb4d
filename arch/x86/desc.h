/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptor tables: GDT, both IDTs, both TSSs.
 */
#pragma once

#include "arch/x86/switch.h"

/*
 * Load the hypervisor's IDT, before paging is on. Traps are then reported
 * instead of resetting the machine. Needs the segments of boot/head.S.
 */
void desc_init_early(void);

/*
 * Fill the state page of this processor and load its GDT and TSS. Paging is
 * on and the Switcher window is mapped. @hv_cr3: host-physical root of the
 * hypervisor's own tables.
 */
void desc_init(u32 hv_cr3);

/*
 * Put the processor's view of a guest's descriptors back to how a guest
 * finds them at its first instruction (lguest ABI 1.4, 4.1): two flat ring-1
 * segments, nothing else of its own, no direct gates.
 */
void desc_reset_guest(struct switch_state_page *s);

/*
 * Route @vector of a running guest to the hypervisor, with the DPL of the
 * guest's own gate, so that its programs may use software interrupts that
 * its kernel allows them. Where that would be mistaken for the hardware's or
 * the processor's doing, the DPL is 0.
 */
void desc_set_gate(struct switch_state_page *s, u32 vector, u32 dpl);

/*
 * Let @vector of a running guest enter its kernel at guest-virtual @handler
 * in ring 1, without the hypervisor. The real interrupt flag stays set.
 */
void desc_set_direct(struct switch_state_page *s, u32 vector, u32 handler,
		     u32 dpl);

/* The DPL of either, and another one for it. */
u32 desc_dpl(const struct switch_state_page *s, u32 vector);
void desc_set_dpl(struct switch_state_page *s, u32 vector, u32 dpl);
