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

/* Is entry @index of the GDT the hypervisor's (lguest ABI 4.1)? */
static inline bool desc_is_own_segment(u32 index)
{
	return index == GDT_HV_CODE || index == GDT_HV_DATA ||
	       index == GDT_TSS || index == GDT_DF_TSS;
}

/* Does the gate of @vector stay the same whatever a guest loads? */
static inline bool desc_is_own_gate(u32 vector)
{
	return vector == X86_EXC_NMI || vector == X86_VEC_HCALL;
}

/*
 * The descriptors that a guest finds at its first instruction (lguest ABI
 * 1.4, 4.1): two flat ring-1 segments. The hypervisor's entries stay 0.
 */
void desc_reset_gdt(struct desc gdt[GDT_ENTRIES]);

/* Copy the entries of @gdt that are a guest's into the processor's GDT. */
void desc_load_gdt(struct switch_state_page *s,
		   const struct desc gdt[GDT_ENTRIES]);

/*
 * The DPL of the real gate of @vector when that of the guest's gate is @dpl, so
 * that its programs may use the software interrupts that its kernel allows.
 * It is 0 where INT could be mistaken for an interrupt of the hardware or an
 * exception.
 */
u32 desc_gate_dpl(u32 vector, u32 dpl);

/* Route @vector of a running guest to the hypervisor. */
void desc_set_gate(struct switch_state_page *s, u32 vector, u32 dpl);

/*
 * Let @vector of a running guest enter its kernel at guest-virtual @handler
 * in ring 1, without the hypervisor. The real interrupt flag stays set.
 */
void desc_set_direct(struct switch_state_page *s, u32 vector, u32 handler,
		     u32 dpl);

/* Change the DPL of a gate that either of these two has set. */
void desc_set_dpl(struct switch_state_page *s, u32 vector, u32 dpl);
