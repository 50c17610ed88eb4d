// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In PAE tables the no-execute bit of either level refuses fetches, and only
 * fetches, from both rings, and the error code says that it was one. Pages
 * without it can be executed, in both formats.
 *
 * A guest that believes its stacks cannot be executed must be right.
 */
#include "test/lib/paging.h"

#define VA	 0x40000000u
#define RIGHTS	 (PTE_P | PTE_RW | PTE_US)
#define FETCHED	 (PF_FETCH | PF_PRESENT)

static u32 table;
static u32 page;

static void check_fetches(bool refused)
{
	const struct vm_trap *trap = pg_access(VA, PG_FETCH, 1);

	VM_CHECK((trap != NULL) == refused);
	if (trap) {
		pg_check_fault(trap, VA, FETCHED);
	}
	trap = pg_access(VA, PG_FETCH, 3);
	VM_CHECK((trap != NULL) == refused);
	if (trap) {
		pg_check_fault(trap, VA, FETCHED | PF_USER);
	}
}

/* Filled by the fetch, or by what comes before it. */
static void check(u64 pde, u64 pte, bool after_data)
{
	pg_set_directory(pg_current(), VA, table | RIGHTS | pde);
	pg_write_at(table, page | RIGHTS | pte);
	pg_flush(false);
	if (after_data) {
		VM_CHECK(!pg_access(VA, PG_WRITE, 3));
	}
	check_fetches((pde | pte) & PTE_NX);
	VM_CHECK(!pg_access(VA, PG_READ, 1));
	VM_CHECK(!pg_access(VA, PG_WRITE, 1));
	VM_CHECK(!pg_access(VA, PG_READ, 3));
}

static void check_absent(void)
{
	const struct vm_trap *trap;

	pg_set(pg_current(), VA, pg_is_pae ? PTE_NX : 0);
	trap = pg_access(VA, PG_FETCH, 1);
	VM_CHECK(trap && trap->vector == TRAP_PF && trap->cr2 == VA);
	VM_CHECK((trap->error & ~PF_FETCH) == 0);
}

void main(void)
{
	u64 nx;

	if (!vm_has_nx()) {
		vm_skip("a processor without NX");
	}
	vm_init();
	vm_traps_init();
	pg_init();
	table = pg_table_of(pg_current(), VA);
	page = pg_alloc();
	*(volatile u32 *)PG_VA(page) = PG_UD2;
	nx = pg_is_pae ? PTE_NX : 0;
	for (u32 i = 0; i < 8; i++) {
		check(i & 1 ? nx : 0, i & 2 ? nx : 0, i & 4);
	}
	check_absent();
	vm_pass();
}
