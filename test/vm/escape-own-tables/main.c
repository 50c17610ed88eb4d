// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest that maps its own tables writable, or makes a directory its own
 * table, or a table its own page, gets what the entries say after each flush,
 * and never anything but its own memory.
 *
 * The shadow, not the guest's tables, is what the processor uses; it must
 * neither be confused by such loops nor miss the edits made through them.
 */
#include "test/lib/paging.h"

#define VA    0x40000000u
#define ALIAS 0x50000000u
#define LOOP  0x60000000u
#define DIR   (PTE_P | PTE_RW | PTE_US | PTE_A)

static u32 page[4];

static u32 entry_bytes(void)
{
	return pg_is_pae ? 8 : 4;
}

/* Write the entry at virtual @va, as the guest's own loads and stores do. */
static void store(u32 va, u32 entry)
{
	*(volatile u32 *)va = entry;
}

/* The table of VA, through a page of itself. */
static void check_table_in_itself(u32 root)
{
	u32 table = pg_table_of(root, VA);
	u32 self = VA + 5 * PAGE_SIZE;

	pg_set(root, self, table | PTE_ALL);
	for (u32 round = 0; round < 8; round++) {
		store(self, page[round % 4] | PTE_ALL);
		pg_flush(false);
		pg_check_sign(VA, round % 4);
	}
	/* The mapping takes away its own right to write, then itself. */
	store(self + 5 * entry_bytes(), table | (PTE_ALL & ~PTE_RW));
	pg_flush(false);
	pg_check_fault(pg_access(self, PG_WRITE, 1), self,
		       PF_PRESENT | PF_WRITE);
	pg_set(root, self, table | PTE_ALL);
	store(self + 5 * entry_bytes(), 0);
	pg_flush(false);
	pg_check_fault(pg_access(self, PG_READ, 1), self, 0);
	/* Not dirty: the first write sets the bit in the very page. */
	pg_set(root, self, table | (PTE_ALL & ~PTE_D));
	store(self, page[1] | PTE_ALL);
	VM_CHECK(pg_read(root, self) & PTE_D);
	pg_flush(false);
	pg_check_sign(VA, 1);
}

/* Its entries are edited in silence: news on both levels. */
static void check_directory_edits(u32 root, u32 window)
{
	u32 at = pg_directory_entry_at(root, VA);
	u32 table[2] = { pg_table_of(root, VA), pg_alloc() };

	pg_write_at(table[1], page[1] | PTE_ALL);
	for (u32 i = 1; i <= 4; i++) {
		u32 sign = i & 1 ? 1 : 3;

		pg_write_at(at, table[i & 1] | DIR);
		pg_flush(false);
		pg_check_sign(VA, sign);
		VM_CHECK((*(volatile u32 *)window & ~0xfffu) == page[sign]);
	}
}

/* The directory as one of its own tables: all tables appear as pages. */
static void check_directory_as_table(u32 root)
{
	u32 at = pg_directory_entry_at(root, LOOP);
	u32 directory = at & ~0xfffu;
	u32 index = pg_directory_entry_at(root, VA) & 0xfff;
	u32 window = LOOP + index / entry_bytes() * PAGE_SIZE;

	pg_set(root, VA, page[2] | PTE_ALL);
	pg_set_directory(root, LOOP, directory | DIR | PTE_D);
	/* The table of VA, seen through the directory's entry for it. */
	VM_CHECK((*(volatile u32 *)window & ~0xfffu) == page[2]);
	store(window, page[3] | PTE_ALL);
	pg_flush(false);
	pg_check_sign(VA, 3);
	check_directory_edits(root, window);
	pg_set_directory(root, LOOP, 0);
	pg_check_fault(pg_access(window, PG_READ, 1), window, 0);
	pg_check_sign(VA, 3);
}

/* One frame as directory and as table of two places, at once. */
static void check_mixed_levels(u32 root)
{
	u32 both = pg_alloc();
	u32 at = both + (VA >> 12 & 0x1ff) * entry_bytes();

	pg_write_at(at, both | PTE_ALL);
	pg_set_directory(root, ALIAS, both | DIR | PTE_D);
	pg_flush(true);
	pg_check_sign(ALIAS, both | PTE_ALL);
	store(ALIAS, page[1] | PTE_ALL);
	pg_flush(true);
	pg_check_sign(ALIAS, 1);
	pg_set_directory(root, ALIAS, 0);
}

/* Writable mappings without end: each page of an area is the table. */
static void check_many(u32 root)
{
	u32 table = pg_table_of(root, ALIAS);

	for (u32 i = 0; i < 64; i++) {
		pg_write(root, ALIAS + i * PAGE_SIZE, table | PTE_ALL);
	}
	pg_flush(false);
	for (u32 i = 0; i < 63; i++) {
		u32 through = ALIAS + i * PAGE_SIZE;

		store(through + 63 * entry_bytes(), page[i % 4] | PTE_ALL);
		pg_flush(i & 1);
		pg_check_sign(ALIAS + 63 * PAGE_SIZE, i % 4);
	}
}

void main(void)
{
	u32 root;

	vm_init();
	vm_traps_init();
	pg_init();
	root = pg_current();
	for (u32 i = 0; i < ARRAY_SIZE(page); i++) {
		page[i] = pg_signed(i);
	}
	/* So that VA and LOOP have the same directory. */
	pg_table_of(root, LOOP);
	check_table_in_itself(root);
	check_directory_as_table(root);
	check_mixed_levels(root);
	check_many(root);
	vm_pass();
}
