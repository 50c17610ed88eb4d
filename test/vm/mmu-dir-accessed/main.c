// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The accessed bit of a directory entry is set by the first access through
 * it, also when the table behind it is one that was in use before, and again
 * after the guest has cleared it and flushed.
 *
 * A kernel that looks for page tables to reclaim goes by this bit.
 */
#include "test/lib/paging.h"

#define VA    0x40000000u
#define ALIAS 0x48000000u
#define DIR   (PTE_P | PTE_RW | PTE_US)

static bool is_accessed(u32 va)
{
	return pg_read_at(pg_directory_entry_at(pg_current(), va)) & PTE_A;
}

static void clear(u32 va, u32 table)
{
	pg_set_directory(pg_current(), va, table | DIR);
	pg_flush(false);
}

static void check_fresh(u32 table)
{
	clear(VA, table);
	VM_CHECK(!is_accessed(VA));
	VM_CHECK(!pg_access(VA, PG_READ, 1));
	VM_CHECK(is_accessed(VA));

	clear(ALIAS, table);
	VM_CHECK(!pg_access(ALIAS, PG_WRITE, 3));
	VM_CHECK(is_accessed(ALIAS));
}

static void check_cleared(u32 table)
{
	check_fresh(table);
	clear(VA, table);
	VM_CHECK(!pg_access(VA, PG_READ, 1));
	VM_CHECK(is_accessed(VA));
}

void main(void)
{
	u32 table;

	vm_init();
	vm_traps_init();
	pg_init();
	table = pg_table_of(pg_current(), VA);
	pg_write(pg_current(), VA, pg_alloc() | DIR);
	if (vm_is_case("fresh")) {
		check_fresh(table);
	} else {
		check_cleared(table);
	}
	vm_pass();
}
