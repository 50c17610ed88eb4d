/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * First instructions: Multiboot headers, stack, segments.
 *
 * Entered by the loader in 32-bit protected mode, paging and interrupts off,
 * EAX = loader magic, EBX = host-physical address of its information
 * (Multiboot Specification 0.6.96, 3.2 "Machine state"; Multiboot2
 * Specification 2.0, 3.3 "I386 machine state"). Memory below 4 GiB is reached
 * by its physical address until mm/hvmap.c turns paging on.
 *
 * Next: boot/boot.c.
 */
#include "arch/x86/sel.h"

#define MB1_HEADER_MAGIC 0x1badb002
#define MB1_ALIGN_MODULES 0x1
#define MB1_WANT_MEMORY 0x2
/* The video bit stays clear: some loaders refuse it. */
#define MB1_FLAGS (MB1_ALIGN_MODULES | MB1_WANT_MEMORY)

#define MB2_HEADER_MAGIC 0xe85250d6
#define MB2_ARCH_I386 0
#define MB2_LEN (.Lmb2_end - .Lmb2_header)
#define MB2_OPTIONAL 1

/* Header tags: Multiboot2 Specification 2.0, 3.1.4 and following. */
#define MB2_TAG_END 0
#define MB2_TAG_REQUEST 1
#define MB2_TAG_FRAMEBUFFER 5
#define MB2_TAG_ALIGN_MODULES 6

	.section .multiboot, "a"
	.balign 8
	.long MB1_HEADER_MAGIC
	.long MB1_FLAGS
	.long -(MB1_HEADER_MAGIC + MB1_FLAGS)

	/*
	 * No tag names an EFI entry: a UEFI loader then ends boot services
	 * and enters at _start, in the machine state of a BIOS one.
	 */
	.balign 8
.Lmb2_header:
	.long MB2_HEADER_MAGIC
	.long MB2_ARCH_I386
	.long MB2_LEN
	.long -(MB2_HEADER_MAGIC + MB2_ARCH_I386 + MB2_LEN)

	/* All optional: a missing one is reported later, in a clear message. */
	.balign 8
1:	.short MB2_TAG_REQUEST, MB2_OPTIONAL
	.long 2f - 1b
	.long 1, 2, 3, 6, 8, 14, 15	/* as read by boot/multiboot2.c */
2:
	/*
	 * Any framebuffer will do, but one without a palette is best. GRUB
	 * asks for no depth unless there is a size, too.
	 */
	.balign 8
1:	.short MB2_TAG_FRAMEBUFFER, MB2_OPTIONAL
	.long 2f - 1b
	.long 1024, 768, 32		/* columns, rows, bits */
2:
	.balign 8
	.short MB2_TAG_ALIGN_MODULES, 0
	.long 8
	.balign 8
	.short MB2_TAG_END, 0
	.long 8
.Lmb2_end:

	.text
	.globl _start
_start:
	cli
	cld
	xorl %ecx, %ecx
	movl %ecx, %dr7			/* none of the loader's breakpoints */
	movl $hv_stack_top, %esp
	pushl $0
	popfl
	/* The loader's segments are flat, but its GDT may be overwritten. */
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
