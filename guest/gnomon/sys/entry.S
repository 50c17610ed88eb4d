/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * System calls. Other traps come in through guest/lib/entry.S, and all go out
 * there.
 *
 * Stack when a call's function runs, growing down:
 *
 *	struct trap_frame	at the very top of the task's stack
 *	ebp edi esi edx ecx ebx	struct syscall_args
 *	pointer to the arguments
 */
#include "guest/gnomon/arch/layout.h"
#include "guest/lib/trap.h"

#define ARGS_SIZE 24

	.text
	.balign	16
	.globl	syscall_entry
	.type	syscall_entry, @function
syscall_entry:
	pushl	%eax
	pushl	$VECTOR_SYSCALL
	pushal
	pushl	%ds
	pushl	%es
	pushl	%ebp
	pushl	%edi
	pushl	%esi
	pushl	%edx
	pushl	%ecx
	pushl	%ebx
	movl	$KERNEL_DS, %ecx
	movl	%ecx, %ds
	movl	%ecx, %es
	cld
	cmpl	syscall_count, %eax
	jae	unknown
	movl	syscall_table + 4(, %eax, 8), %eax	/* .fn */
	testl	%eax, %eax
	jz	unknown
	pushl	%esp
	call	*%eax
leave:	addl	$ARGS_SIZE + 4, %esp
	movl	%eax, FRAME_EAX(%esp)
	jmp	trap_exit
unknown:
	leal	ARGS_SIZE(%esp), %ecx
	pushl	%ecx
	call	syscall_unknown
	jmp	leave
	.size	syscall_entry, . - syscall_entry

	.section .note.GNU-stack, "", @progbits
