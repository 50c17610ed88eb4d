// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A recursion without an end, into the unmapped page below the stack. The
 * page fault has no stack to be delivered on, so the guest ends; the report
 * must find the stack although ESP has left it.
 */
#include "test/lib/paging.h"

#define STACK_PAGES 4u
#define STACK	    0x50001000u /* the page below stays absent */

static volatile bool is_leaf; /* never set */

/* Not a tail call: something is left to do after it. */
static __attribute__((noinline)) u32 count_nodes(u32 node)
{
	volatile u32 left = node * 2;
	volatile u32 right = node * 2 + 1;

	if (is_leaf) {
		return 1;
	}
	return count_nodes(left) + right;
}

static __attribute__((used)) void start(void)
{
	vm_fail("counted %u", count_nodes(1));
}

void main(void)
{
	u32 i;

	vm_init();
	vm_traps_init();
	pg_init();
	for (i = 0; i < STACK_PAGES; i++) {
		pg_set(pg_current(), STACK + i * PAGE_SIZE,
		       pg_alloc() | PTE_P | PTE_RW);
	}
	__asm__ volatile("movl %0, %%esp\n\t"
			 "xorl %%ebp, %%ebp\n\t"
			 "call start"
			 :
			 : "r"(STACK + STACK_PAGES * PAGE_SIZE));
	__builtin_unreachable();
}
