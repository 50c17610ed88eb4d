// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * No change costs more exits than it deserves, with 200 address spaces that
 * are entered in turn: none when nothing changed, one for each page behind a
 * directory entry that moved, one for all spaces together after a kernel
 * page changed, none for an announced entry that carries accessed and dirty.
 *
 * The guest cannot see an exit, so the hypervisor's counters tell: test.mk adds
 * up what all this may cost.
 */
#include "test/lib/paging.h"

#define SPACES 200u
#define VA     0x40000000u
#define OTHER  0x40800000u /* behind another directory entry */
#define KERNEL 0xd0000000u
#define ROUNDS 3u

static u32 space[SPACES];
static u32 spare[SPACES + 1];

static void write_word(u32 va, u32 value)
{
	*(volatile u32 *)va = value;
}

/* Every space sees its own page and the kernel's. */
static void enter_all(u32 kernel_sign)
{
	for (u32 i = 0; i < SPACES; i++) {
		pg_enter(space[i]);
		pg_check_sign(VA, i);
		write_word(VA + 4, i);
		pg_check_sign(OTHER, i << 8);
		pg_check_sign(KERNEL, kernel_sign);
	}
}

static void make_spaces(void)
{
	for (u32 i = 0; i < SPACES; i++) {
		space[i] = pg_new_space();
		pg_write(space[i], VA, pg_signed(i) | PTE_ALL);
		pg_write(space[i], OTHER, pg_signed(i << 8) | PTE_ALL);
		spare[i] = pg_signed(i);
	}
}

/* An edit in a sleeping space is there when it wakes. */
static void edit_sleeping(u32 n)
{
	pg_enter(space[n + 1]);
	pg_set(space[n], VA, spare[n] | PTE_ALL);
}

/* So is a directory entry that leads to another table. */
static void move_directory(u32 n, u32 from)
{
	u64 own = pg_read_at(pg_directory_entry_at(space[n], OTHER));
	u64 other = pg_read_at(pg_directory_entry_at(space[from], OTHER));

	pg_enter(space[n + 1]);
	pg_set_directory(space[n], OTHER, other);
	pg_enter(space[n]);
	pg_check_sign(OTHER, from << 8);
	pg_enter(space[n + 1]);
	pg_set_directory(space[n], OTHER, own);
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	pg_write(pg_pattern(), KERNEL, pg_signed(77) | PTE_ALL);
	make_spaces();
	spare[SPACES] = pg_signed(78);
	enter_all(77);
	for (u32 round = 0; round < ROUNDS; round++) {
		enter_all(77);
	}
	for (u32 n = 0; n < SPACES - 1; n++) {
		edit_sleeping(n);
	}
	enter_all(77);
	move_directory(5, 9);
	enter_all(77);
	pg_write(space[0], KERNEL, spare[SPACES] | PTE_ALL);
	pg_flush(true);
	enter_all(78);
	vm_pass();
}
