/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a guest finds at its first instruction. Safe to include from assembly.
 *
 * Entered at a physical address with GVA = GPA for all RAM, ESI = address of
 * the boot parameters, every other general register 0, no stack, EFLAGS 0x202
 * and an empty IDT: any trap before the first gates ends the guest.
 * Rules: lguest ABI 1.
 */
#pragma once

#define GUEST_CS 0x61 /* flat code, ring 1 */
#define GUEST_DS 0x69 /* flat data, ring 1; also ES and SS */

/* The only system-call vector a guest may name in struct lguest_data. */
#define GUEST_SYSCALL_VECTOR 0x80

/* The boot parameters fill page 0, the command line follows them. */
#define BOOT_PARAMS_GPA	 0x0000
#define BOOT_CMDLINE_GPA 0x1000
#define BOOT_CMDLINE_MAX 2048 /* terminating NUL included */

/* Offsets into the boot parameters: Linux's boot protocol. */
#define BP_E820_ENTRIES	    0x1e8 /* u8, always 1 */
#define BP_HDR_START	    0x1f1 /* setup header: copied from a bzImage */
#define BP_HDR_LENGTH	    0x201 /* u8, counted from 0x202 */
#define BP_VERSION	    0x206 /* u16 */
#define BP_LOADER_TYPE	    0x210 /* u8 */
#define BP_LOADFLAGS	    0x211 /* u8 */
#define BP_RAMDISK_IMAGE    0x218 /* u32 */
#define BP_RAMDISK_SIZE	    0x21c /* u32 */
#define BP_CMD_LINE_PTR	    0x228 /* u32, 0: no command line */
#define BP_KERNEL_ALIGNMENT 0x230 /* u32 */
#define BP_HARDWARE_SUBARCH 0x23c /* u32 */
#define BP_E820_MAP	    0x2d0 /* u64 address, u64 size, u32 type */

#define BP_VERSION_VALUE	  0x0207
#define BP_LOADER_TYPE_UNKNOWN	  0xff
#define BP_LOADFLAG_KEEP_SEGMENTS 0x40
#define BP_SUBARCH_LGUEST	  1
#define BP_KERNEL_ALIGNMENT_VALUE 0x01000000
#define BP_E820_RAM		  1
