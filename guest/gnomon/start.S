/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first instructions, at physical addresses: as a guest of Umbra
 * (contract: hv/abi/boot.h), or from a Multiboot loader, who says so in EAX.
 *
 * Out: kernel_main(struct early *) at the kernel's own addresses, on the boot
 * stack, on page tables, interrupts closed.
 */
#include "guest/gnomon/layout.h"
#include "guest/gnomon/multiboot.h"
#include "hv/abi/hypercall.h"

#define BOOT_STACK_SIZE 8192

#define MB_FLAGS (MB_ALIGN_MODULES | MB_WANT_MEMORY)

#define CR0_PG	0x80000000
#define CR0_WP	0x00010000 /* the kernel, too, obeys read-only entries */
#define CR4_PAE 0x00000020

#define PA(symbol) (symbol - KERNEL_BASE)

/* struct early */
#define EARLY_IS_PAE 1
#define EARLY_ROOT   16

	.section .boot.text, "ax", @progbits
	.balign	4
	.long	MB_HEADER_MAGIC
	.long	MB_FLAGS
	.long	-(MB_HEADER_MAGIC + MB_FLAGS)

	.globl	_start
	.type	_start, @function
_start:
	movl	$PA(boot_stack_top), %esp
	xorl	%ebp, %ebp
	cld
	cmpl	$MB_LOADER_MAGIC, %eax
	je	native

	subl	$12, %esp		/* calls are aligned to 16 */
	pushl	%esi
	call	early_pv
	movl	%eax, %edi
	movl	$HC_LGUEST_INIT, %eax
	movl	$PA(lguest_data), %ebx
	int	$HC_VECTOR
	movl	$HC_NEW_PGTABLE, %eax
	movl	EARLY_ROOT(%edi), %ebx
	int	$HC_VECTOR
	jmp	high

native:
	subl	$12, %esp
	pushl	%ebx
	call	early_native
	movl	%eax, %edi
	cmpb	$0, EARLY_IS_PAE(%edi)
	je	1f
	movl	%cr4, %eax
	orl	$CR4_PAE, %eax
	movl	%eax, %cr4
1:
	movl	EARLY_ROOT(%edi), %eax
	movl	%eax, %cr3
	movl	%cr0, %eax
	orl	$(CR0_PG | CR0_WP), %eax
	movl	%eax, %cr0

high:
	addl	$KERNEL_BASE, %edi
	movl	$boot_stack_top - 12, %esp
	pushl	%edi
	movl	$kernel_main, %eax
	call	*%eax
	.size	_start, . - _start

	.bss
	.balign	16
	.globl	boot_stack_top
	.skip	BOOT_STACK_SIZE
boot_stack_top:

	.section .note.GNU-stack, "", @progbits
