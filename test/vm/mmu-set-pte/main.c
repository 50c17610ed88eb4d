// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SET_PTE makes the hypervisor look: afterwards what the guest's table holds
 * is in force, whatever the argument says, in the space that was named,
 * sleeping or not, and in no other.
 *
 * Linux flushes single pages by SET_PTE with an entry of 0 while the table
 * holds a valid one.
 */
#include "test/lib/paging.h"

#define VA    0x40000000u
#define OTHER 0x40001000u

static u32 first, second;

static void announce(u32 root, u64 pte)
{
	hypercall(HC_SET_PTE, root, VA, (u32)pte, (u32)(pte >> 32));
}

static void check_changes(u32 root)
{
	pg_set(root, VA, first | PTE_ALL);
	pg_check_sign(VA, 1);
	pg_set(root, VA, second | PTE_ALL);
	pg_check_sign(VA, 2);
	pg_set(root, VA, 0);
	pg_check_fault(pg_access(VA, PG_READ, 1), VA, 0);
	pg_set(root, VA, first | PTE_ALL);
	pg_check_sign(VA, 1);

	/* Fewer rights, then more. */
	pg_set(root, VA, first | PTE_P | PTE_A | PTE_D);
	pg_check_fault(pg_access(VA, PG_WRITE, 1), VA, PF_PRESENT | PF_WRITE);
	pg_check_fault(pg_access(VA, PG_READ, 3), VA, PF_PRESENT | PF_USER);
	pg_set(root, VA, first | PTE_ALL);
	VM_CHECK(!pg_access(VA, PG_READ, 3));
}

/* Argument and table disagree. */
static void check_memory_wins(u32 root)
{
	pg_set(root, VA, first | PTE_ALL);
	pg_check_sign(VA, 1);
	pg_write(root, VA, second | PTE_ALL);
	announce(root, first | PTE_ALL);
	pg_check_sign(VA, 2);

	pg_write(root, VA, 0);
	announce(root, second | PTE_ALL);
	pg_check_fault(pg_access(VA, PG_READ, 1), VA, 0);

	pg_write(root, VA, first | PTE_ALL);
	announce(root, 0);
	pg_check_sign(VA, 1);
	pg_write(root, VA, second | PTE_ALL);
	announce(root, 0);
	pg_check_sign(VA, 2);

	/* A swapped-out page: not present, so its bits mean nothing. */
	pg_set(root, VA, 0xfffff000u | PTE_A | PTE_D | PTE_PS);
	pg_check_fault(pg_access(VA, PG_READ, 1), VA, 0);
}

/* Accessed and clean may be installed, but not writable. */
static void check_dirty(u32 root)
{
	pg_set(root, VA, first | (PTE_ALL & ~PTE_D));
	pg_check_sign(VA, 1);
	VM_CHECK(!(pg_read(root, VA) & PTE_D));
	VM_CHECK(!pg_access(VA, PG_WRITE, 1));
	VM_CHECK(pg_read(root, VA) & PTE_D);

	/* Taken away again, as writeback does. */
	pg_set(root, VA, first | (PTE_ALL & ~PTE_D));
	VM_CHECK(!pg_access(VA, PG_WRITE, 3));
	VM_CHECK(pg_read(root, VA) & PTE_D);

	pg_set(root, VA, first | (PTE_ALL & ~PTE_A));
	VM_CHECK(!pg_access(VA, PG_READ, 3));
	VM_CHECK(pg_read(root, VA) & PTE_A);
	*(volatile u32 *)PG_VA(first) = 1;
}

/* In a space that is not current, known or not. */
static void check_sleeping(u32 root)
{
	u32 other = pg_new_space();

	pg_set(root, VA, first | PTE_ALL);
	pg_check_sign(VA, 1);
	pg_set(other, VA, second | PTE_ALL);
	pg_check_sign(VA, 1);
	pg_enter(other);
	pg_check_sign(VA, 2);

	pg_set(root, VA, second | PTE_ALL);
	pg_set(root, OTHER, first | PTE_ALL);
	pg_check_fault(pg_access(OTHER, PG_READ, 1), OTHER, 0);
	pg_enter(root);
	pg_check_sign(VA, 2);
	pg_check_sign(OTHER, 1);
	pg_set(other, VA, 0);
	pg_check_sign(VA, 2);
	pg_enter(other);
	pg_check_fault(pg_access(VA, PG_READ, 1), VA, 0);
	pg_enter(root);
}

static void check_strangers(u32 root)
{
	pg_set(root, VA, first | PTE_ALL);
	pg_check_sign(VA, 1);
	announce(0, 0);
	hypercall(HC_SET_PTE, root + 32, VA, 0, 0);
	hypercall(HC_SET_PTE, first, VA, 0, 0);
	hypercall(HC_SET_PTE, 0xfffff000, VA, 0, 0);
	hypercall(HC_SET_PTE, 0xffffffff, VA, 0, 0);
	pg_check_sign(VA, 1);
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	first = pg_signed(1);
	second = pg_signed(2);
	check_changes(pg_current());
	check_memory_wins(pg_current());
	check_dirty(pg_current());
	check_sleeping(pg_current());
	check_strangers(pg_current());
	vm_pass();
}
