/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changing tasks, and leaving for ring 3.
 */
	.text
/* void trap_return(struct trap_frame *) */
	.globl	trap_return
	.type	trap_return, @function
trap_return:
	movl	4(%esp), %esp
	jmp	trap_exit
	.size	trap_return, . - trap_return

/*
 * void context_switch(uint32_t *save, uint32_t load)
 *
 * What is saved, growing down; sched_start() builds the same:
 *
 *	return address
 *	ebp ebx esi edi		ESP as saved
 */
	.globl	context_switch
	.type	context_switch, @function
context_switch:
	movl	4(%esp), %eax
	movl	8(%esp), %edx
	pushl	%ebp
	pushl	%ebx
	pushl	%esi
	pushl	%edi
	movl	%esp, (%eax)
	movl	%edx, %esp
	movl	%esp, trap_work		/* anything but 0 */
	popl	%edi
	popl	%esi
	popl	%ebx
	popl	%ebp
	ret
	.size	context_switch, . - context_switch

	.section .note.GNU-stack, "", @progbits
