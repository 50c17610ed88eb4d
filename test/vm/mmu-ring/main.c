// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page-table calls in the ring are made in their order, before the call that
 * drains it, and each with what the tables hold then. Faults do not drain it:
 * until then the old entries may stay.
 *
 * Linux in lazy mode queues a context switch and what came before it.
 */
#include "test/lib/paging.h"

#define VA	   0x40000000u
#define RING_SLOTS 64u
#define SLOT_SIZE  20u
#define PENDING	   0x00

static u32 next;
static u32 page[4];

static void queue(u32 number, u32 a1, u32 a2, u64 a3)
{
	u32 slot = LG_HCALLS + next * SLOT_SIZE;

	lg_write(slot + 0, number);
	lg_write(slot + 4, a1);
	lg_write(slot + 8, a2);
	lg_write(slot + 12, (u32)a3);
	lg_write(slot + 16, (u32)(a3 >> 32));
	vm_lguest_data[LG_HCALL_STATUS + next] = PENDING;
	next = (next + 1) % RING_SLOTS;
}

static void queue_set(u32 root, u32 va, u64 pte)
{
	pg_write(root, va, pte);
	queue(HC_SET_PTE, root, va, pte);
}

static void drain(void)
{
	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
}

static void check_entries(u32 root)
{
	for (u32 i = 0; i < 40; i++) {
		queue_set(root, VA + i * PAGE_SIZE, page[i % 4] | PTE_ALL);
	}
	drain();
	for (u32 i = 0; i < 40; i++) {
		pg_check_sign(VA + i * PAGE_SIZE, i % 4);
	}
	/* The same entry often: the last one stays. */
	for (u32 i = 0; i < 63; i++) {
		queue_set(root, VA, page[i % 4] | PTE_ALL);
	}
	drain();
	pg_check_sign(VA, 62 % 4);
}

/* The switch is in the ring, and the call behind it sees the new space. */
static void check_switch(u32 root)
{
	u32 other = pg_new_space();

	pg_set(root, VA, page[1] | PTE_ALL);
	pg_set(other, VA, page[2] | PTE_ALL);
	queue(HC_NEW_PGTABLE, other, 0, 0);
	drain();
	pg_check_sign(VA, 2);

	pg_write(root, VA, page[3] | PTE_ALL);
	queue(HC_NEW_PGTABLE, root, 0, 0);
	queue(HC_FLUSH_TLB, 0, 0, 0);
	drain();
	pg_check_sign(VA, 3);

	/* There and back, with an edit between. */
	queue(HC_NEW_PGTABLE, other, 0, 0);
	queue_set(other, VA, 0);
	queue(HC_NEW_PGTABLE, root, 0, 0);
	queue_set(root, VA, page[0] | PTE_ALL);
	drain();
	pg_check_sign(VA, 0);
	pg_enter(other);
	pg_check_fault(pg_access(VA, PG_READ, 1), VA, 0);
	pg_enter(root);
}

/* The ring first, then the call that drains it. */
static void check_before_call(u32 root)
{
	u32 other = pg_new_space();

	pg_set(other, VA, page[1] | PTE_ALL);
	pg_set(root, VA, page[2] | PTE_ALL);
	queue(HC_NEW_PGTABLE, root, 0, 0);
	pg_enter(other);
	pg_check_sign(VA, 1);
	pg_enter(root);
	pg_check_sign(VA, 2);
}

static void check_faults_leave_it(u32 root)
{
	pg_set(root, VA, page[1] | PTE_P | PTE_US);
	pg_check_sign(VA, 1);
	queue_set(root, VA, page[2] | PTE_ALL);
	pg_access(VA + 64 * PAGE_SIZE, PG_READ, 1);
	VM_CHECK(vm_lguest_data[LG_HCALL_STATUS + (next + 63) % RING_SLOTS] ==
		 PENDING);
	drain();
	pg_check_sign(VA, 2);
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	for (u32 i = 0; i < ARRAY_SIZE(page); i++) {
		page[i] = pg_signed(i);
	}
	check_entries(pg_current());
	check_switch(pg_current());
	check_before_call(pg_current());
	check_faults_leave_it(pg_current());
	vm_pass();
}
