/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Structure offsets for assembly. Compiled to text, never linked: the
 * Makefile turns each "@@ NAME value" into a #define of asm-offsets.h.
 */
#include "arch/x86/switch.h"

#define CONSTANT(name, value)                                                 \
	__asm__ volatile(".ascii \"@@ " #name " %0\"" : : "i"(value))
#define OFFSET(name, type, field) CONSTANT(name, offsetof(type, field))

void asm_offsets(void);

void asm_offsets(void)
{
	OFFSET(STATE_HV_CR3, struct switch_state_page, hv_cr3);
	OFFSET(STATE_HV_ESP, struct switch_state_page, hv_esp);
	OFFSET(STATE_GUEST_IDTR, struct switch_state_page, guest_idtr);
	OFFSET(STATE_HV_IDTR, struct switch_state_page, hv_idtr);
	OFFSET(REGS_PAGE_REGS, struct switch_regs_page, regs);
}
