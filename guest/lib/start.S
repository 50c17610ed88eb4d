/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's first instructions (contract: hv/abi/boot.h).
 *
 * In:  ESI = address of the boot parameters, no stack, paging one to one.
 * Out: main(cmdline) runs on a stack of its own, after HC_LGUEST_INIT.
 */
#include "hv/abi/boot.h"
#include "hv/abi/hypercall.h"

#define STACK_SIZE 16384

	.section .text.entry, "ax", @progbits
	.globl	_start
	.type	_start, @function
_start:
	movl	$stack_top, %esp
	xorl	%ebp, %ebp		/* ends a backtrace */

	movl	$HC_LGUEST_INIT, %eax
	movl	$lguest_data, %ebx
	int	$HC_VECTOR

	movl	BP_CMD_LINE_PTR(%esi), %eax
	testl	%eax, %eax
	jnz	1f
	movl	$empty, %eax
1:
	/*
	 * The stack at each call, 16-byte aligned as the C ABI wants:
	 *   esp -> argument, three dwords of padding
	 */
	subl	$12, %esp
	pushl	%eax
	call	main
	movl	$empty, (%esp)
	call	power_off
	.size	_start, . - _start

	/*
	 * The instruction named by lguest_data.noirq_iret: interrupts are on
	 * again by then, and one that arrived here would pile its frame on
	 * the one being left. A guest with traps has another, in entry.S.
	 */
	.weak	sdk_iret
	.type	sdk_iret, @function
sdk_iret:
	iret
	.size	sdk_iret, . - sdk_iret

	.section .rodata
empty:
	.asciz	""

	.bss
	.balign	16
	.skip	STACK_SIZE
stack_top:

	.section .note.GNU-stack, "", @progbits
