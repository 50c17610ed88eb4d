// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Directory entries can be set, cleared, moved, exchanged and given other
 * rights, announced by SET_PGD or SET_PMD, in the current space and in a
 * sleeping one; a table may hang at several places. PAE root entries too.
 *
 * mremap and exec move whole tables. SET_PMD names a directory, not a space.
 */
#include "test/lib/paging.h"

#define A	 0x40000000u
#define B	 0x40800000u /* another entry of the same directory */
#define FAR	 0x80000000u /* another directory in PAE */
#define DIR	 (PTE_P | PTE_RW | PTE_US | PTE_A)
#define ROOT_DIR PTE_P

static u32 page[3];
static u32 table[3];

static void hang(u32 root, u32 va, u64 entry)
{
	pg_set_directory(root, va, entry);
}

static void check_absent(u32 va)
{
	pg_check_fault(pg_access(va, PG_READ, 1), va, 0);
}

static void check_moves(u32 root)
{
	hang(root, A, table[1] | DIR);
	pg_check_sign(A, 1);
	hang(root, A, table[2] | DIR);
	pg_check_sign(A, 2);
	hang(root, A, 0);
	check_absent(A);

	/* From one place to another, and exchanged. */
	hang(root, B, table[2] | DIR);
	check_absent(A);
	pg_check_sign(B, 2);
	hang(root, A, table[1] | DIR);
	pg_check_sign(A, 1);
	hang(root, A, table[2] | DIR);
	hang(root, B, table[1] | DIR);
	pg_check_sign(A, 2);
	pg_check_sign(B, 1);
}

static void check_rights(u32 root)
{
	hang(root, A, table[1] | DIR);
	VM_CHECK(!pg_access(A, PG_WRITE, 3));
	hang(root, A, table[1] | (DIR & ~PTE_RW));
	pg_check_fault(pg_access(A, PG_WRITE, 1), A, PF_PRESENT | PF_WRITE);
	hang(root, A, table[1] | (DIR & ~PTE_US));
	pg_check_fault(pg_access(A, PG_READ, 3), A, PF_PRESENT | PF_USER);
	VM_CHECK(!pg_access(A, PG_WRITE, 1));
	hang(root, A, table[1] | DIR);
	VM_CHECK(!pg_access(A, PG_WRITE, 3));
	*(volatile u32 *)PG_VA(page[1]) = 1;
}

/* One table at three places: an edit is seen at each. */
static void check_shared(u32 root)
{
	hang(root, A, table[1] | DIR);
	hang(root, B, table[1] | DIR);
	hang(root, FAR, table[1] | DIR);
	pg_check_sign(A, 1);
	pg_check_sign(B, 1);
	pg_check_sign(FAR, 1);
	pg_set(root, B, page[2] | PTE_ALL);
	pg_flush(false);
	pg_check_sign(A, 2);
	pg_check_sign(B, 2);
	pg_check_sign(FAR, 2);
	pg_set(root, A, page[1] | PTE_ALL);
	pg_flush(false);
	pg_check_sign(FAR, 1);
	hang(root, FAR, 0);
	check_absent(FAR);
	pg_check_sign(A, 1);
}

static void check_sleeping(u32 root)
{
	u32 other = pg_new_space();

	hang(root, A, table[1] | DIR);
	pg_check_sign(A, 1);
	pg_enter(other);
	check_absent(A);
	hang(root, A, table[2] | DIR);
	check_absent(A);
	hang(other, A, table[1] | DIR);
	pg_check_sign(A, 1);
	pg_enter(root);
	pg_check_sign(A, 2);
	hang(other, A, 0);
	pg_check_sign(A, 2);
	pg_enter(other);
	check_absent(A);
	pg_enter(root);
}

/* PAE: exchange the directories behind A and FAR. */
static void check_root_entries(u32 root)
{
	u32 at_a = root + (A >> 30) * 8;
	u32 at_far = root + (FAR >> 30) * 8;
	u64 a, far;

	hang(root, A, table[1] | DIR);
	hang(root, FAR, table[2] | DIR);
	pg_check_sign(A, 1);
	pg_check_sign(FAR, 2);
	a = pg_read_at(at_a);
	far = pg_read_at(at_far);
	pg_write_at(at_a, far);
	pg_write_at(at_far, a);
	hypercall(HC_SET_PGD, root, A >> 30, 0, 0);
	hypercall(HC_SET_PGD, root, FAR >> 30, 0, 0);
	pg_check_sign(A, 2);
	pg_check_sign(FAR, 1);

	/* The same directory twice, then none. */
	pg_write_at(at_a, a);
	hypercall(HC_SET_PGD, root, A >> 30, 0, 0);
	pg_check_sign(A, 1);
	hang(root, FAR, table[2] | DIR);
	pg_check_sign(A, 2);
	pg_write_at(at_far, 0);
	hypercall(HC_SET_PGD, root, FAR >> 30, 0, 0);
	check_absent(FAR);
	pg_check_sign(A, 2);
}

/* Of spaces that do not exist, and places that are no table. */
static void check_strangers(u32 root)
{
	hang(root, A, table[1] | DIR);
	pg_check_sign(A, 1);
	for (u32 i = 0; i < 4; i++) {
		hypercall(HC_SET_PGD, page[1], i, 0, 0);
		hypercall(HC_SET_PGD, 0xfffff000, i, 0, 0);
		if (pg_is_pae) {
			hypercall(HC_SET_PMD, page[1], i, 0, 0);
			hypercall(HC_SET_PMD, 0xfffff000, i, 0, 0);
			hypercall(HC_SET_PMD, root, 0xffffffff - i, 0, 0);
		}
	}
	pg_check_sign(A, 1);
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	for (u32 i = 1; i < ARRAY_SIZE(page); i++) {
		page[i] = pg_signed(i);
		table[i] = pg_alloc();
		pg_write_at(table[i], page[i] | PTE_ALL);
	}
	check_moves(pg_current());
	check_rights(pg_current());
	check_shared(pg_current());
	check_sleeping(pg_current());
	check_strangers(pg_current());
	if (pg_is_pae) {
		check_root_entries(pg_current());
	}
	vm_pass();
}
