// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tables edited in silence are in force after a flush: FLUSH_TLB(0) for the
 * current space, FLUSH_TLB(1) for all spaces and the kernel's half; no flush
 * sets an accessed or dirty bit; and what had not been filled needs none.
 *
 * The hypervisor compares only tables it thinks were written, so writes reach
 * them here in every way: before they are used, while, again and again, and
 * through more than one mapping.
 */
#include "test/lib/paging.h"

#define VA     0x40000000u
#define WINDOW 0x50000000u /* second mappings of tables */
#define KERNEL 0xd0000000u
#define PAGES  4u

static u32 page[PAGES];

static void check_user(u32 root, u32 i, bool with_kernel)
{
	pg_write(root, VA, page[i] | PTE_ALL);
	pg_flush(with_kernel);
	pg_check_sign(VA, i);
}

static void check_repeated(u32 root)
{
	for (u32 round = 0; round < 16; round++) {
		check_user(root, round % PAGES, round & 4);
	}
	pg_write(root, VA, 0);
	pg_flush(false);
	pg_check_fault(pg_access(VA, PG_READ, 1), VA, 0);
}

/* Without a flush: from absent, and to more rights. */
static void check_silent(u32 root)
{
	pg_set(root, VA, 0);
	pg_check_fault(pg_access(VA, PG_READ, 1), VA, 0);
	pg_write(root, VA, page[1] | PTE_P);
	pg_check_sign(VA, 1);
	pg_check_fault(pg_access(VA, PG_READ, 3), VA, PF_PRESENT | PF_USER);
	pg_write(root, VA, page[1] | PTE_P | PTE_US);
	VM_CHECK(!pg_access(VA, PG_READ, 3));
	pg_check_fault(pg_access(VA, PG_WRITE, 3), VA,
		       PF_PRESENT | PF_USER | PF_WRITE);
	pg_write(root, VA, page[1] | PTE_P | PTE_US | PTE_RW);
	VM_CHECK(!pg_access(VA, PG_WRITE, 3));
	*(volatile u32 *)PG_VA(page[1]) = 1;
}

/* Taken away by the guest, given back by the processor, not by a flush. */
static void check_accessed_and_dirty(u32 root, bool with_kernel)
{
	u32 bits = PTE_P | PTE_RW | PTE_US;

	pg_set(root, VA, page[1] | PTE_ALL);
	VM_CHECK(!pg_access(VA, PG_WRITE, 3));
	pg_write(root, VA, page[1] | bits | PTE_A);
	pg_flush(with_kernel);
	VM_CHECK(!(pg_read(root, VA) & PTE_D));
	VM_CHECK(!pg_access(VA, PG_WRITE, 3));
	VM_CHECK(pg_read(root, VA) & PTE_D);

	pg_write(root, VA, page[1] | bits);
	pg_flush(with_kernel);
	VM_CHECK(!(pg_read(root, VA) & PTE_A));
	VM_CHECK(!pg_access(VA, PG_READ, 3));
	VM_CHECK((pg_read(root, VA) & (PTE_A | PTE_D)) == PTE_A);
	*(volatile u32 *)PG_VA(page[1]) = 1;
}

/* The table is written through a mapping in the user's half as well. */
static void check_second_mapping(u32 root)
{
	u32 at = pg_entry_at(root, VA);
	volatile u32 *entry = (void *)(WINDOW + (at & 0xfff));

	pg_set(root, WINDOW, (at & ~0xfffu) | PTE_ALL);
	for (u32 round = 0; round < 8; round++) {
		u32 i = round % PAGES;

		if (round & 1) {
			*entry = page[i] | PTE_ALL;
		} else {
			pg_write(root, VA, page[i] | PTE_ALL);
		}
		pg_flush(false);
		pg_check_sign(VA, i);
	}
	/* A mapping that comes and goes, and takes the news with it. */
	*entry = page[3] | PTE_ALL;
	pg_set(root, WINDOW, 0);
	pg_flush(false);
	pg_check_sign(VA, 3);
}

/*
 * The one writable mapping of a table goes away after it was written through,
 * in several ways. The kernel's own mapping only reads meanwhile.
 */
static void check_only_mapping(u32 root)
{
	u32 at = pg_entry_at(root, VA);
	u32 table = at & ~0xfffu;
	u32 kernel_va = PG_KERNEL + table;
	volatile u32 *entry = (void *)(WINDOW + (at & 0xfff));

	pg_set(root, kernel_va, table | PTE_P | PTE_A | PTE_D);
	for (u32 round = 0; round < 12; round++) {
		pg_set(root, WINDOW, table | PTE_ALL);
		pg_flush(false);
		*entry = page[round % PAGES] | PTE_ALL;
		if (round % 3 == 0) {
			pg_set(root, WINDOW, 0);
		} else if (round % 3 == 1) {
			pg_set(root, WINDOW, table | PTE_P | PTE_A);
		}
		pg_flush(round & 1);
		pg_check_sign(VA, round % PAGES);
	}
	pg_set(root, kernel_va, table | PTE_P | PTE_RW | PTE_A | PTE_D);
}

static void check_directory(u32 root)
{
	u32 at = pg_directory_entry_at(root, VA);
	u32 table = pg_alloc();
	u64 before = pg_read_at(at);

	pg_set(root, VA, page[1] | PTE_ALL);
	pg_write_at(table, page[2] | PTE_ALL);
	pg_check_sign(VA, 1);
	pg_write_at(at, table | PTE_ALL);
	pg_flush(false);
	pg_check_sign(VA, 2);
	pg_write_at(at, 0);
	pg_flush(true);
	pg_check_fault(pg_access(VA, PG_READ, 1), VA, 0);
	pg_write_at(at, before);
	pg_check_sign(VA, 1);
}

/* A sleeping space, edited in silence. */
static void check_sleeping(u32 root)
{
	u32 other = pg_new_space();

	pg_set(root, VA, page[1] | PTE_ALL);
	pg_set(other, VA, page[2] | PTE_ALL);
	pg_enter(other);
	pg_check_sign(VA, 2);
	pg_enter(root);
	pg_check_sign(VA, 1);
	for (u32 round = 0; round < 8; round++) {
		pg_write(other, VA, page[round % PAGES] | PTE_ALL);
		pg_flush(true);
		pg_check_sign(VA, 1);
		pg_enter(other);
		pg_check_sign(VA, round % PAGES);
		pg_enter(root);
	}
	/* The flush comes after the switch. */
	pg_write(other, VA, page[0] | PTE_ALL);
	pg_enter(other);
	pg_flush(false);
	pg_check_sign(VA, 0);
	pg_enter(root);
}

static void check_kernel(u32 root)
{
	for (u32 round = 0; round < 8; round++) {
		pg_write(root, KERNEL, page[round % PAGES] | PTE_ALL);
		pg_flush(true);
		pg_check_sign(KERNEL, round % PAGES);
	}
	pg_write(root, KERNEL, 0);
	pg_flush(true);
	pg_check_fault(pg_access(KERNEL, PG_READ, 1), KERNEL, 0);
	pg_write_at(pg_directory_entry_at(root, KERNEL), 0);
	pg_flush(true);
	pg_check_fault(pg_access(KERNEL, PG_READ, 1), KERNEL, 0);
}

void main(void)
{
	u32 root;

	vm_init();
	vm_traps_init();
	pg_init();
	root = pg_current();
	for (u32 i = 0; i < PAGES; i++) {
		page[i] = pg_signed(i);
	}
	check_repeated(root);
	check_silent(root);
	check_accessed_and_dirty(root, false);
	check_accessed_and_dirty(root, true);
	check_second_mapping(root);
	check_only_mapping(root);
	check_directory(root);
	check_sleeping(root);
	check_kernel(root);
	vm_pass();
}
