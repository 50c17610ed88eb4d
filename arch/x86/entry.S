/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traps and interrupts while the hypervisor itself runs (its own IDT).
 *
 * The stack at hv_trap: eflags, cs, eip, error, vector. The rest of struct
 * cpu_regs is pushed here; esp and ss are not part of the frame, since the
 * ring does not change.
 */
#include "arch/x86/sel.h"
#include "arch/x86/stubs.h"

	.text

hv_trap:
	pushl %ds
	pushl %es
	pushal
	cld
	movl %esp, %eax
	call trap_from_hv		/* regparm(1) */
	popal
	popl %es
	popl %ds
	addl $8, %esp			/* vector, error */
	iret

	TRAP_STUBS hv_stub, hv_trap

/*
 * Double fault in the hypervisor: a task of its own, since a bad stack may be
 * the cause (desc.c). The error code is on its stack. Never returns.
 */
	.globl double_fault_task
double_fault_task:
	call trap_double_fault

	.section .note.GNU-stack, "", @progbits
