// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An entry of the kernel's half that is changed in one space is changed in
 * all, whichever space the call names, and one made in one space is there in
 * the next, old or new. FLUSH_TLB(0) leaves the half alone.
 *
 * All spaces use the same kernel tables; Linux announces a change once.
 */
#include "test/lib/paging.h"

#define VA     0xd0000000u
#define FAR    0xe0000000u
#define SPACES 3u

static u32 space[SPACES];
static u32 page[SPACES + 1];

static void check_everywhere(u32 va, u32 sign)
{
	for (u32 i = 0; i < SPACES; i++) {
		pg_enter(space[i]);
		pg_check_sign(va, sign);
	}
	pg_enter(space[0]);
}

static void check_nowhere(u32 va)
{
	for (u32 i = 0; i < SPACES; i++) {
		pg_enter(space[i]);
		pg_check_fault(pg_access(va, PG_READ, 1), va, 0);
	}
	pg_enter(space[0]);
}

static void check_edits(void)
{
	for (u32 i = 0; i < SPACES; i++) {
		pg_set(space[i], VA, page[i] | PTE_ALL);
		check_everywhere(VA, i);
	}
	pg_set(space[1], VA, 0);
	check_nowhere(VA);
	/* Announced for a space that is none. */
	pg_write(space[0], VA, page[2] | PTE_ALL);
	hypercall(HC_SET_PTE, page[0], VA, 0, 0);
	check_everywhere(VA, 2);
	pg_write(space[0], VA, page[1] | PTE_ALL);
	hypercall(HC_SET_PTE, page[0], VA, 0, 0);
	check_everywhere(VA, 1);
}

static void check_rights(void)
{
	pg_set(space[0], VA, page[1] | PTE_P | PTE_A);
	for (u32 i = 0; i < SPACES; i++) {
		pg_enter(space[i]);
		pg_check_sign(VA, 1);
		pg_check_fault(pg_access(VA, PG_WRITE, 1), VA,
			       PF_PRESENT | PF_WRITE);
		pg_check_fault(pg_access(VA, PG_READ, 3), VA,
			       PF_PRESENT | PF_USER);
	}
	pg_enter(space[0]);
}

/* A flush from each of the spaces after an edit in silence. */
static void check_flushes(void)
{
	for (u32 i = 0; i < SPACES; i++) {
		pg_enter(space[i]);
		pg_write(space[0], VA, page[i] | PTE_ALL);
		pg_flush(true);
		check_everywhere(VA, i);
		pg_flush(false);
		check_everywhere(VA, i);
	}
}

/* The directory entry: the spaces share the table it names. */
static void check_directory(void)
{
	u32 old = pg_table_of(space[0], VA);
	u32 table = pg_alloc();

	pg_write_at(table + (pg_entry_at(space[0], VA) & 0xfff),
		    page[SPACES] | PTE_ALL);
	pg_enter(space[0]);
	for (u32 i = 0; i < SPACES; i++) {
		pg_write_at(pg_directory_entry_at(space[i], VA),
			    table | PTE_ALL);
	}
	pg_announce_directory(space[0], VA);
	check_everywhere(VA, SPACES);
	for (u32 i = 0; i < SPACES; i++) {
		pg_write_at(pg_directory_entry_at(space[i], VA), old | PTE_ALL);
	}
	pg_flush(true);
	check_everywhere(VA, SPACES - 1);
}

/* A table that did not exist when the spaces were made. */
static void check_new_table(void)
{
	u32 table = pg_alloc();

	pg_write_at(table, page[1] | PTE_ALL);
	for (u32 i = 0; i < SPACES; i++) {
		pg_write_at(pg_directory_entry_at(space[i], FAR),
			    table | PTE_ALL);
	}
	check_everywhere(FAR, 1);
	for (u32 i = 0; i < SPACES; i++) {
		pg_set_directory(space[i], FAR, 0);
	}
	pg_flush(true);
	check_nowhere(FAR);
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	/* Before the spaces, so that they share its table. */
	pg_table_of(pg_pattern(), VA);
	for (u32 i = 0; i < SPACES; i++) {
		space[i] = pg_new_space();
	}
	for (u32 i = 0; i < ARRAY_SIZE(page); i++) {
		page[i] = pg_signed(i);
	}
	check_edits();
	check_rights();
	check_flushes();
	check_directory();
	check_new_table();
	vm_pass();
}
