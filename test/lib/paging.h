/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables for test guests, in both formats, and programs in ring 3.
 *
 * Every address space has the same kernel part: the first 4 MiB one to one
 * (the test's own image, reachable from ring 3 too), and the first PG_DIRECT
 * bytes of RAM from PG_KERNEL on, through which all tables are written. What
 * lies between is the test's to map.
 */
#pragma once

#include "test/lib/vm.h"

#define HC_NEW_PGTABLE	  4
#define HC_FLUSH_TLB	  5
#define HC_SET_STACK	  7
#define HC_TS		  8
#define HC_SET_PMD	  13
#define HC_SET_PTE	  14
#define HC_SET_PGD	  15
#define HC_LOAD_TLS	  16
#define HC_LOAD_GDT_ENTRY 18

#define PTE_P  0x001u
#define PTE_RW 0x002u
#define PTE_US 0x004u
#define PTE_A  0x020u
#define PTE_D  0x040u
#define PTE_PS 0x080u
#define PTE_G  0x100u

#define PG_KERNEL 0xc0000000u
#define PG_DIRECT 0x01000000u

/* Where the processor finds physical byte @pa in the kernel part. */
#define PG_VA(pa) ((void *)(PG_KERNEL + (pa)))

/* Is the second format, of 64-bit entries, in use? Set by pg_init(). */
extern bool pg_is_pae;

/*
 * After vm_init() and vm_traps_init(): build the kernel part and enter a
 * first space. The format is PAE if the command line has the word "pae".
 */
void pg_init(void);

/* A zeroed frame, by physical address; fails the test when RAM is used up. */
u32 pg_alloc(void);

/* A new address space: physical address of its top-level table. */
u32 pg_new_space(void);
void pg_enter(u32 root);
u32 pg_current(void);

/* Where the entry for @va is in @root, by physical address; makes tables. */
u32 pg_entry_at(u32 root, u32 va);

/* The physical address of the table (lowest level), directory. */
u32 pg_table_of(u32 root, u32 va);

/* Read or write the entry for @va without telling anybody. */
u64 pg_read(u32 root, u32 va);
void pg_write(u32 root, u32 va, u64 pte);

/* Write it and announce it. */
void pg_set(u32 root, u32 va, u64 pte);

/*
 * Call @fn in ring 3, where it may do anything but return; its first trap
 * comes back as the result. Needs pg_init().
 */
const struct vm_trap *pg_user_try(void (*fn)(void));

/* An instruction for such functions to end with: trap 6 from ring 3. */
#define pg_user_end() __asm__ volatile("ud2")
