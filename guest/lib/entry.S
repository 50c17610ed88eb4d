/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way into the kernel and back, but for system calls.
 *
 * Stack at trap_dispatch(), growing down:
 *
 *	ss, esp			only out of ring 3
 *	eflags, cs, eip		pushed on delivery
 *	error code		0 where there is none
 *	vector
 *	eax ecx edx ebx esp ebp esi edi
 *	ds, es			ESP at trap_exit: struct trap_frame
 *	8 bytes			for the alignment of calls
 *	pointer to the frame
 */
#include "guest/lib/trap.h"

/* Vectors for which the processor pushes an error code. */
#define HAS_ERROR_CODE ((1 << 8) | (0x1f << 10) | (1 << 17) | (1 << 21))

/* A fault at @at, in the kernel, continues at @to. */
.macro	fixup at, to
	.pushsection .fixup, "a"
	.long	\at, \to
	.popsection
.endm

	.text
	.balign	TRAP_STUB_SIZE
	.globl	trap_stubs
trap_stubs:
	.set	vector, 0
	.rept	TRAP_VECTORS
	.balign	TRAP_STUB_SIZE
	.if	(vector > 31) || (((HAS_ERROR_CODE >> (vector & 31)) & 1) == 0)
	pushl	$0
	.endif
	pushl	$vector
	jmp	trap_common
	.set	vector, vector + 1
	.endr

	.type	trap_common, @function
trap_common:
	pushal
	pushl	%ds
	pushl	%es
	movl	$KERNEL_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	cld
	movl	%esp, %eax
	subl	$8, %esp
	pushl	%eax
	call	trap_dispatch
	addl	$12, %esp
	testb	$2, FRAME_CS(%esp)	/* ring 3, not 0 or 1 */
	jnz	trap_exit

	/*
	 * Back into the kernel. The virtual interrupt flag becomes what it
	 * was when the frame was pushed; without a hypervisor nobody looks
	 * at it.
	 */
exit_kernel:
	popl	%es
	popl	%ds
	popal
	addl	$8, %esp
	pushl	%ss:8(%esp)
	popl	%ss:lguest_data
	jmp	sdk_iret

	/*
	 * To ring 3, ESP = frame, interrupts closed. An interrupt that waits
	 * is served here as part of the work, since nothing tells of it after
	 * the flag was set.
	 */
	.globl	trap_exit
	.type	trap_exit, @function
trap_exit:
	movl	trap_work, %eax
	orl	lguest_data + LG_IRQ_PENDING, %eax
	jnz	work
pop_es:	popl	%es
pop_ds:	popl	%ds
	popal
	addl	$8, %esp
	movl	$LG_IF, %ss:lguest_data

	/*
	 * The instruction named by lguest_data.noirq_iret: the flag is set by
	 * now, and an interrupt that arrived here would pile its frame on the
	 * one being left.
	 */
	.globl	sdk_iret
sdk_iret:
	iret
	.size	trap_exit, . - trap_exit

work:
	movl	$0, trap_work
	movl	%esp, %eax
	subl	$8, %esp
	pushl	%eax
	call	trap_work_run
	addl	$12, %esp
	jmp	trap_exit

	/* A selector went bad since it was saved: the program gets a null. */
	fixup	pop_es, bad_es
	fixup	pop_ds, bad_ds
bad_es:	movl	$0, (%esp)
	jmp	pop_es
bad_ds:	movl	$0, (%esp)
	jmp	pop_ds

	/* What ring 3 was to run is impossible: its fault, not the kernel's. */
	fixup	sdk_iret, bad_iret
bad_iret:
	pushl	$0
	pushl	$VECTOR_GP
	jmp	trap_common

	.bss
	.balign	4
	.globl	trap_work
trap_work:
	.skip	4

	.section .note.GNU-stack, "", @progbits
