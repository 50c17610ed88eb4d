/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The address space. Safe to include from assembly and the linker script.
 *
 *	0x00000000  nothing: null pointers fault
 *	0x00010000  programs
 *	0x7f...000  their stacks, growing down from USER_END
 *	0x80000000  all of RAM that fits, by physical address; the image in it
 *	0xe0000000  the kernel's heap
 *	0xe4000000  the kernel's stacks
 *	0xe8000000  registers of devices
 *	0xffc00000  the hypervisor's, when there is one
 */
#pragma once

#define USER_START   0x00010000
#define USER_END     0x7ffff000
#define KERNEL_BASE  0x80000000
#define DIRECT_SIZE  0x60000000
#define HEAP_START   0xe0000000
#define HEAP_SIZE    0x04000000
#define STACKS_START 0xe4000000
#define STACKS_SIZE  0x04000000
#define MMIO_START   0xe8000000
#define MMIO_SIZE    0x00800000

#define PAGE_SHIFT 12
#define PAGE_SIZE  0x1000
#define PAGE_MASK  0xfff

#define KERNEL_STACK_SIZE 0x2000

/* Entries of the GDT, the same on both platforms. */
#define GDT_TLS		6 /* and 7, 8 */
#define GDT_TLS_COUNT	3
#define GDT_KERNEL_CODE 12
#define GDT_KERNEL_DATA 13
#define GDT_USER_CODE	14
#define GDT_USER_DATA	15
#define GDT_TSS		16
#define SEL_KERNEL_CODE (GDT_KERNEL_CODE * 8)
#define SEL_USER_CODE	0x73
#define SEL_USER_DATA	0x7b

#define VECTOR_SYSCALL 0x80

#ifndef __ASSEMBLY__

#include <stdint.h>

/* Where the page of @a begins; the same for the first that begins no lower. */
static inline uint32_t page_down(uint32_t a)
{
	return a & ~(uint32_t)PAGE_MASK;
}

static inline uint32_t page_up(uint32_t a)
{
	return page_down(a + PAGE_MASK);
}

#endif
