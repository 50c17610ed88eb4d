/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a test guest begins, and where its traps arrive.
 *
 * Entry state: ESI = boot parameters, no stack, CS 0x61, DS 0x69, RAM mapped
 * one to one.
 */

#define STACK_SIZE 16384
#define GUEST_DS   0x69

/* Vectors for which the processor pushes an error code. */
#define HAS_ERROR_CODE ((1 << 8) | (0x1f << 10) | (1 << 17) | (1 << 21))

	.section .text.entry, "ax", @progbits
	.globl	_start
	.type	_start, @function
_start:
	/* struct vm_registers; mov changes no flag, so those keep. */
	movl	%eax, vm_entry + 0
	movl	%ebx, vm_entry + 4
	movl	%ecx, vm_entry + 8
	movl	%edx, vm_entry + 12
	movl	%esi, vm_entry + 16
	movl	%edi, vm_entry + 20
	movl	%ebp, vm_entry + 24
	movl	%esp, vm_entry + 28
	movl	$vm_stack_top, %esp
	pushfl
	popl	vm_entry + 32
	mov	%cs, %eax
	movl	%eax, vm_entry + 36
	mov	%ds, %eax
	movl	%eax, vm_entry + 40
	mov	%es, %eax
	movl	%eax, vm_entry + 44
	mov	%ss, %eax
	movl	%eax, vm_entry + 48
	mov	%fs, %eax
	movl	%eax, vm_entry + 52
	mov	%gs, %eax
	movl	%eax, vm_entry + 56
	xorl	%ebp, %ebp
	movl	%esi, vm_boot_params
	call	main
	call	vm_pass
	.size	_start, . - _start

	/* Named in lguest_data: the iret where nothing may be pushed. */
	.globl	vm_iret
vm_iret:
	iret

/*
 * const struct vm_trap *vm_try(void (*fn)(void *), void *arg)
 *
 * Stack when @fn is called, growing down:
 *
 *	arg, fn			the caller's arguments
 *	return address
 *	ebx esi edi ebp		the caller's, for both ways out
 *	(8 bytes)		keeps the call aligned to 16
 *	arg			for fn
 *
 * vm_try_esp marks the last but one while @fn runs and is 0 otherwise. A trap
 * inside @fn ends in vm_trap_resume, which continues as if @fn had returned,
 * with a pointer to what happened.
 */
	.text
	.globl	vm_try
	.type	vm_try, @function
vm_try:
	pushl	%ebx
	pushl	%esi
	pushl	%edi
	pushl	%ebp
	movl	%esp, vm_try_esp
	movl	20(%esp), %eax
	movl	24(%esp), %ecx
	subl	$8, %esp
	pushl	%ecx
	call	*%eax
	xorl	%eax, %eax
vm_try_end:
	movl	vm_try_esp, %esp
	movl	$0, vm_try_esp
	popl	%ebp
	popl	%edi
	popl	%esi
	popl	%ebx
	ret
	.size	vm_try, . - vm_try

/* void vm_trap_resume(const struct vm_trap *): leave the trap, see above. */
	.globl	vm_trap_resume
	.type	vm_trap_resume, @function
vm_trap_resume:
	movl	4(%esp), %eax
	cld
	jmp	vm_try_end
	.size	vm_trap_resume, . - vm_trap_resume

/*
 * One stub per vector, 16 bytes apart, ending with this on the stack:
 *
 *	eflags, cs, eip		pushed on delivery
 *	error code		0 where there is none
 *	vector
 */
	.balign	16
	.globl	vm_trap_stubs
vm_trap_stubs:
	.set	vector, 0
	.rept	256
	.balign	16
	.if	(vector > 31) || (((HAS_ERROR_CODE >> (vector & 31)) & 1) == 0)
	pushl	$0
	.endif
	pushl	$vector
	jmp	trap_common
	.set	vector, vector + 1
	.endr

/*
 * The data segments may be anything after a test played with them.
 * vm_trap_entry(frame) does not return when the trap was to be caught;
 * when it does, execution continues where the frame says.
 */
trap_common:
	pushal
	pushfl
	movl	$GUEST_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	cld
	pushl	%esp
	call	vm_trap_entry
	addl	$8, %esp
	popal
	addl	$8, %esp
	jmp	vm_iret

	.bss
	.balign	16
	.skip	STACK_SIZE
vm_stack_top:

	.balign	4
	.globl	vm_boot_params
vm_boot_params:
	.skip	4
	.globl	vm_try_esp
vm_try_esp:
	.skip	4
	.globl	vm_entry
vm_entry:
	.skip	60

	.section .note.GNU-stack, "", @progbits
