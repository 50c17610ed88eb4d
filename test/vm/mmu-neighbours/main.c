// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An access sets the accessed and dirty bits of its own entry only. Entries
 * beside it, whatever bits they have, keep them, also over flushes and calls,
 * and each still gets its own when its turn comes.
 *
 * The hypervisor may fill neighbours beforehand; then it must know that the
 * bits are set already.
 */
#include "test/lib/paging.h"

#define VA    0x40000000u
#define PAGES 32u

static u32 page;
static u32 wanted[PAGES];

static u32 bits_of(u32 i)
{
	static const u32 bits[] = { 0, PTE_A, PTE_A | PTE_D, PTE_D };

	return bits[i % ARRAY_SIZE(bits)];
}

static void write_all(u32 root, u32 shift)
{
	for (u32 i = 0; i < PAGES; i++) {
		wanted[i] = page | PTE_P | PTE_RW | PTE_US | bits_of(i + shift);
		pg_write(root, VA + i * PAGE_SIZE, wanted[i]);
	}
	pg_flush(false);
}

static void check_all(u32 root)
{
	for (u32 i = 0; i < PAGES; i++) {
		u64 pte = pg_read(root, VA + i * PAGE_SIZE);

		if (pte != wanted[i]) {
			vm_fail("entry %u: 0x%x, not 0x%x", i, (u32)pte,
				wanted[i]);
		}
	}
}

/* 7 and 32 have no common factor: every entry has its turn. */
static void check_accesses(u32 root, enum pg_access what, u32 ring)
{
	for (u32 i = 0; i < PAGES; i++) {
		u32 n = i * 7 % PAGES;

		VM_CHECK(!pg_access(VA + n * PAGE_SIZE, what, ring));
		wanted[n] |= what == PG_WRITE ? PTE_A | PTE_D : PTE_A;
		check_all(root);
		if (i % 4 == 3) {
			pg_flush(i & 4);
			hypercall(HC_SET_PTE, root, VA + n * PAGE_SIZE, 0, 0);
			check_all(root);
		}
	}
}

void main(void)
{
	u32 root;

	vm_init();
	vm_traps_init();
	pg_init();
	root = pg_current();
	page = pg_alloc();
	for (u32 shift = 0; shift < 4; shift++) {
		write_all(root, shift);
		check_accesses(root, PG_READ, 1);
		check_accesses(root, PG_WRITE, 3);
		write_all(root, shift);
		check_accesses(root, PG_WRITE, 1);
		check_accesses(root, PG_READ, 3);
	}
	vm_pass();
}
