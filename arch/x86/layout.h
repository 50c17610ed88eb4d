/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where things are in the hypervisor's own virtual address space, and the
 * Switcher's window, which lies at the same place in every guest's shadow
 * tables. Only #defines: shared by C, assembly and linker scripts.
 *
 *   00000000  absent (null pointers)
 *   00001000  RAM below 3 GiB, one to one; the image is part of it
 *   c0000000  temporary slots for frames above
 *   c0200000  device registers, mapped at boot
 *   ffc00000  Switcher window
 */
#pragma once

#ifdef __ASSEMBLY__
#define _U32(x) x
#else
#define _U32(x) x##u
#endif

#define IMAGE_BASE   _U32(0x00100000)
#define DIRECT_LIMIT _U32(0xc0000000)
#define SLOTS_BASE   _U32(0xc0000000)
#define DEVICE_BASE  _U32(0xc0200000)
#define DEVICE_LIMIT _U32(0xffc00000)

/*
 * The window's pages, and what a guest may do to them in ring 1. The
 * pages between them are absent, so that nothing can run from one into the
 * next. Guests are told of them in lguest ABI 4.10.
 */
#define SWITCH_BASE  _U32(0xffc00000)
#define SWITCH_CODE  _U32(0xffc00000) /* read and execute */
#define SWITCH_STATE _U32(0xffc02000) /* read: GDT, IDT, TSS */
#define SWITCH_REGS  _U32(0xffc04000) /* write: where its traps are pushed */
#define SWITCH_TRAMP _U32(0xffc06000) /* read and execute: hv/vmm/syscall.c */
#define SWITCH_LG    _U32(0xffc08000) /* write: memory of its own */

/* Bytes at the top of every guest's address space that it must not use. */
#define RESERVE_MEM _U32(0x00400000)

/* Bytes of each hypervisor stack; a guard page lies below each. */
#define HV_STACK_SIZE _U32(0x4000)
#define DF_STACK_SIZE _U32(0x1000)
