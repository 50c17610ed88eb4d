// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A page-table entry may name a frame that is neither RAM nor a device: it
 * reads as all ones and ignores writes, announced or not, and whatever the
 * frame's number is. Nothing of the machine is ever behind it.
 */
#include "test/lib/paging.h"

#define VA	0x40000000u
#define BIT_32	(1ull << 32)
#define LAST	0xfffff000u
#define PATTERN 0x5aa5f00fu

static void check_hole(u64 frame)
{
	volatile u32 *word = (volatile u32 *)VA;

	pg_set(pg_current(), VA, frame | PTE_ALL);
	VM_CHECK(*word == 0xffffffff);
	*word = PATTERN;
	VM_CHECK(*word == 0xffffffff);

	/* The same, only flushed. */
	pg_write(pg_current(), VA, 0);
	pg_flush(true);
	pg_write(pg_current(), VA, frame | PTE_ALL);
	pg_flush(true);
	VM_CHECK(*word == 0xffffffff);
}

void main(void)
{
	volatile u32 *word = (volatile u32 *)VA;
	u32 page;

	vm_init();
	vm_traps_init();
	pg_init();
	page = pg_alloc();
	pg_set(pg_current(), VA, page | PTE_ALL);
	*word = PATTERN;

	check_hole(vm_ram_size());
	check_hole(LAST);
	if (pg_is_pae) {
		check_hole(page | BIT_32);
	}
	pg_set(pg_current(), VA, page | PTE_ALL);
	VM_CHECK(*word == PATTERN);
}
