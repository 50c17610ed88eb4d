// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every combination of directory entry, table entry, ring and kind of access
 * ends as on a processor: allowed or not, which error code, and which accessed
 * and dirty bits of the table entry are set; in the user half and in the
 * kernel half. The directory entry's accessed bit is mmu-dir-accessed's.
 *
 * The expectation is written down here from the manual (SDM 3A 4.6 to 4.8), so
 * that no mistake of the hypervisor's own walk can hide.
 */
#include "test/lib/paging.h"

#define USER_VA	  0x40000000u
#define KERNEL_VA 0xd0000000u

/* Bits that vary, and where they come from in a running number. */
static const u32 dir_bits[] = { PTE_P, PTE_RW, PTE_US, PTE_A };
static const u32 leaf_bits[] = { PTE_P, PTE_RW, PTE_US, PTE_A, PTE_D };

#define DIR_COMBINATIONS  (1u << ARRAY_SIZE(dir_bits))
#define LEAF_COMBINATIONS (1u << ARRAY_SIZE(leaf_bits))

struct access {
	u32 va;
	enum pg_access what;
	u32 ring;
};

static u32 table;
static u32 page;

static u32 spread(u32 number, const u32 *bits, size_t count)
{
	u32 result = 0;

	for (size_t i = 0; i < count; i++) {
		if (number & 1u << i) {
			result |= bits[i];
		}
	}
	return result;
}

/* Write both entries and tell; calls are the other way of telling. */
static void set_entries(u32 va, u32 pde, u32 pte)
{
	u32 root = pg_current();

	pg_write_at(table, pte);
	pg_write_at(pg_directory_entry_at(root, va), pde);
	if (vm_is_case("calls")) {
		pg_announce_directory(root, va);
		hypercall(HC_SET_PTE, root, va, pte, 0);
	} else {
		pg_flush(va >= PG_KERNEL);
	}
}

/* The error code a processor pushes, or -1: no fault. */
static int expected_error(const struct access *a, u32 pde, u32 pte)
{
	u32 error = (a->what == PG_WRITE ? PF_WRITE : 0) |
		    (a->ring == 3 ? PF_USER : 0);
	u32 rights = pde & pte;

	if (!(rights & PTE_P)) {
		return (int)error;
	}
	if ((a->what == PG_WRITE && !(rights & PTE_RW)) ||
	    (a->ring == 3 && !(rights & PTE_US))) {
		return (int)(error | PF_PRESENT);
	}
	return -1;
}

static void check_bits(const struct access *a, u32 pde, u32 pte, bool happened)
{
	u32 pde_now =
		(u32)pg_read_at(pg_directory_entry_at(pg_current(), a->va));
	u32 pte_now = (u32)pg_read_at(table);
	u32 pte_new = pte;

	if (happened) {
		pte_new |= a->what == PG_WRITE ? PTE_A | PTE_D : PTE_A;
	}
	/* On a fault a processor may have set it on the way. */
	VM_CHECK((pde_now & ~PTE_A) == (pde & ~PTE_A));
	if (pte_now != pte_new) {
		vm_fail("0x%x: %u ring %u: pde 0x%x, pte 0x%x became 0x%x",
			a->va, a->what, a->ring, pde, pte, pte_now);
	}
}

static void check_access(const struct access *a, u32 pde, u32 pte)
{
	int error = expected_error(a, pde, pte);
	const struct vm_trap *trap;

	set_entries(a->va, pde, pte);
	trap = pg_access(a->va, a->what, a->ring);
	if ((trap == NULL) != (error < 0)) {
		vm_fail("0x%x: %u ring %u: pde 0x%x, pte 0x%x: %s", a->va,
			a->what, a->ring, pde, pte,
			trap ? "refused" : "allowed");
	}
	if (trap) {
		/* With NX at work fetches say so; that is mmu-nx's matter. */
		pg_check_fault(trap, a->va,
			       (u32)error | (trap->error & PF_FETCH));
		VM_CHECK(!(trap->error & PF_FETCH) || a->what == PG_FETCH);
	}
	check_bits(a, pde, pte, trap == NULL);
}

static void check_entries(u32 va, u32 pde, u32 pte)
{
	for (u32 ring = 1; ring <= 3; ring += 2) {
		for (u32 what = PG_READ; what <= PG_FETCH; what++) {
			struct access a = { va, what, ring };

			check_access(&a, pde, pte);
		}
	}
}

static void check_half(u32 va)
{
	for (u32 d = 0; d < DIR_COMBINATIONS; d++) {
		u32 pde = spread(d, dir_bits, ARRAY_SIZE(dir_bits));

		for (u32 l = 0; l < LEAF_COMBINATIONS; l++) {
			u32 pte = spread(l, leaf_bits, ARRAY_SIZE(leaf_bits));

			check_entries(va, table | pde, page | pte);
		}
	}
	set_entries(va, 0, 0);
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	table = pg_alloc();
	page = pg_alloc();
	*(volatile u32 *)PG_VA(page) = PG_UD2;
	check_half(USER_VA);
	check_half(KERNEL_VA);
	vm_pass();
}
