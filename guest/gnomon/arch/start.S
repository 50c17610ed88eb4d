/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first instructions, at physical addresses: as a guest of Umbra
 * (contract: hv/abi/boot.h), or from a Multiboot loader, who says so in EAX.
 *
 * Out: kernel_main(struct early *) at the kernel's own addresses, on the boot
 * stack, on page tables, interrupts closed.
 */
#include "guest/gnomon/arch/layout.h"

#define BOOT_STACK_SIZE 8192

#define MB_HEADER_MAGIC 0x1badb002
#define MB_FLAGS	0x3 /* modules on pages; tell the memory's size */

	.section .boot.text, "ax", @progbits
	.balign	4
	.long	MB_HEADER_MAGIC
	.long	MB_FLAGS
	.long	-(MB_HEADER_MAGIC + MB_FLAGS)

	.globl	_start
	.type	_start, @function
_start:
	movl	$(boot_stack_top - KERNEL_BASE - 4), %esp
	xorl	%ebp, %ebp
	cld
	pushl	%esi
	pushl	%ebx
	pushl	%eax
	call	early_start		/* calls are aligned to 16 */

	addl	$KERNEL_BASE, %eax
	movl	$(boot_stack_top - 12), %esp
	pushl	%eax
	movl	$kernel_main, %eax
	call	*%eax
	.size	_start, . - _start

	.bss
	.balign	16
	.skip	BOOT_STACK_SIZE
boot_stack_top:

	.section .note.GNU-stack, "", @progbits
