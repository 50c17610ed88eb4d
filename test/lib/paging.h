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
#define PTE_NX (1ull << 63)

/* All that a page can have, accessed and dirty as Linux presets them. */
#define PTE_ALL (PTE_P | PTE_RW | PTE_US | PTE_A | PTE_D)

#define PG_KERNEL 0xc0000000u
#define PG_DIRECT 0x01000000u

/* Where the processor finds physical byte @pa in the kernel part. */
#define PG_VA(pa) ((void *)(PG_KERNEL + (pa)))

/* Is the second format, of 64-bit entries, in use? Set by pg_init(). */
extern bool pg_is_pae;

/*
 * After vm_init() and vm_traps_init(): build the kernel part and enter a
 * first space. The format is that of vm_is_pae_case().
 */
void pg_init(void);

/* A zeroed frame, by physical address; fails the test when RAM is used up. */
u32 pg_alloc(void);

/* One whose first dword is @sign, to be told from others. */
u32 pg_signed(u32 sign);

/* Fail unless @va can be read from ring 1 and holds @sign. */
void pg_check_sign(u32 va, u32 sign);

/* A new address space: physical address of its top-level table. */
u32 pg_new_space(void);

/* The space that new ones are copied from; never entered. */
u32 pg_pattern(void);

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
 * The entry above: of the root in the 2-level format, of a directory in PAE.
 * Where it is, by physical address; announced by SET_PGD or SET_PMD.
 */
u32 pg_directory_entry_at(u32 root, u32 va);
void pg_announce_directory(u32 root, u32 va);
void pg_set_directory(u32 root, u32 va, u64 entry);

/* An entry by its physical address. */
u64 pg_read_at(u32 pa);
void pg_write_at(u32 pa, u64 entry);

/* FLUSH_TLB */
void pg_flush(bool with_kernel);

/*
 * Call @fn in ring 3, where it may do anything but return; its first trap
 * comes back as the result. Needs pg_init().
 */
const struct vm_trap *pg_user_try(void (*fn)(void));

/* The stacks of ring 3, and of traps from there: the addresses above. */
u32 pg_user_stack_top(void);
u32 pg_trap_stack_top(void);

/*
 * One access to @va in @ring 1 or 3: four bytes read to pg_access_value, or
 * written from there, or executed, for which PG_UD2 must be there. NULL if it
 * happened, else its trap.
 */
enum pg_access {
	PG_READ,
	PG_WRITE,
	PG_FETCH
};

#define PG_UD2 0x90900b0fu

extern u32 pg_access_value; /* PG_UD2 at first */

const struct vm_trap *pg_access(u32 va, enum pg_access what, u32 ring);

/* Fail unless @trap is the page fault at @va with @error. */
void pg_check_fault(const struct vm_trap *trap, u32 va, u32 error);

/* An instruction for such functions to end with: trap 6 from ring 3. */
#define pg_user_end() __asm__ volatile("ud2")
