/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * First instructions: Multiboot header, stack, segments.
 *
 * Entered by the loader in 32-bit protected mode, paging and interrupts off,
 * EAX = loader magic, EBX = host-physical address of its information
 * (Multiboot Specification 0.6.96, 3.2 "Machine state"). Memory below 4 GiB
 * is reached by its physical address until mm/hvmap.c turns paging on.
 *
 * Next: boot/early.c, boot/boot.c.
 */
#include "arch/x86/sel.h"

#define MB1_HEADER_MAGIC 0x1badb002
#define MB1_ALIGN_MODULES 0x1
#define MB1_WANT_MEMORY 0x2
/* The video bit stays clear: some loaders refuse it. */
#define MB1_FLAGS (MB1_ALIGN_MODULES | MB1_WANT_MEMORY)

	.section .multiboot, "a"
	.balign 4
	.long MB1_HEADER_MAGIC
	.long MB1_FLAGS
	.long -(MB1_HEADER_MAGIC + MB1_FLAGS)

	.text
	.globl _start
_start:
	cli
	cld
	movl $hv_stack_top, %esp
	pushl $0
	popfl
	/* The loader's segments are flat but its GDT may be gone. */
	lgdt boot_gdtr
	ljmp $SEL_HV_CODE, $1f
1:	movl $SEL_HV_DATA, %ecx
	movl %ecx, %ds
	movl %ecx, %es
	movl %ecx, %ss
	xorl %ecx, %ecx
	movl %ecx, %fs
	movl %ecx, %gs
	xorl %ebp, %ebp			/* end of every stack trace */
	pushl %ebx
	pushl %eax
	call early_check
	call boot_main			/* boot_main(magic, info), no return */

	.section .rodata
	.balign 8
boot_gdt:
	.fill GDT_HV_CODE, 8, 0
	.quad 0x00cf9b000000ffff	/* GDT_HV_CODE: flat, ring 0 */
	.quad 0x00cf93000000ffff	/* GDT_HV_DATA */
boot_gdtr:
	.word . - boot_gdt - 1
	.long boot_gdt

	.section .note.GNU-stack, "", @progbits
