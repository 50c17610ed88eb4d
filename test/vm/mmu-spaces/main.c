// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two hundred address spaces, entered in turn, each keep their contents:
 * what was read, what was written, what was mapped while they slept; and
 * they all have the same kernel.
 *
 * More than the hypervisor may care to remember at a time.
 */
#include "test/lib/paging.h"

#define SPACES 200u
#define VA     0x40000000u
#define LATER  0x40005000u
#define KERNEL 0xd0000000u

static u32 space[SPACES];
static u32 page[SPACES];

/* Far from each other and close together. */
static u32 turn(u32 round, u32 i)
{
	static const u32 steps[] = { 1, 3, 7, 199 };

	return i * steps[round % ARRAY_SIZE(steps)] % SPACES;
}

static void check_round(u32 round)
{
	for (u32 i = 0; i < SPACES; i++) {
		u32 n = turn(round, i);

		pg_enter(space[n]);
		pg_check_sign(VA, n << 8 | round);
		*(volatile u32 *)VA = n << 8 | (round + 1);
		pg_check_sign(KERNEL, 77);
	}
}

static void check_later(void)
{
	for (u32 i = 0; i < SPACES; i++) {
		pg_set(space[i], LATER, page[(i + 1) % SPACES] | PTE_ALL);
	}
	for (u32 i = 0; i < SPACES; i++) {
		pg_enter(space[i]);
		pg_check_sign(LATER, ((i + 1) % SPACES) << 8 | 8);
	}
	for (u32 i = 0; i < SPACES; i++) {
		pg_write(space[i], LATER, 0);
	}
	pg_flush(true);
	for (u32 i = 0; i < SPACES; i++) {
		pg_enter(space[i]);
		pg_check_fault(pg_access(LATER, PG_READ, 1), LATER, 0);
	}
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	pg_write(pg_pattern(), KERNEL, pg_signed(77) | PTE_ALL);
	for (u32 i = 0; i < SPACES; i++) {
		space[i] = pg_new_space();
		page[i] = pg_signed(i << 8);
		pg_write(space[i], VA, page[i] | PTE_P | PTE_RW | PTE_US);
	}
	for (u32 round = 0; round < 8; round++) {
		check_round(round);
	}
	check_later();
	vm_pass();
}
