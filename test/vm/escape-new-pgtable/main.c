// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * NEW_PGTABLE with 0, with a page of garbage, with a number that is no
 * table's, with an empty table: the guest loses its memory from under its
 * feet and ends; the hypervisor does not. A table that is entered again and
 * again stays good.
 *
 * With 0 the original used an entry of a cache that it had not set up.
 */
#include "test/lib/paging.h"

static u8 garbage[2 * PAGE_SIZE] __attribute__((aligned(4096)));

static void fill_garbage(void)
{
	u32 state = 0x12345678;

	for (u32 i = 0; i < sizeof(garbage); i += 4) {
		state = state * 1664525 + 1013904223;
		*(u32 *)&garbage[i] = state | 1;
	}
}

static void enter(u32 root)
{
	hypercall(HC_NEW_PGTABLE, root, 0, 0, 0);
}

static void run_first(void)
{
	if (vm_is_case("first-zero")) {
		enter(0);
	} else if (vm_is_case("first-garbage")) {
		enter((u32)garbage);
	} else {
		enter((u32)garbage + 0xfe1);
	}
	vm_fail("still alive after \"%s\"", vm_cmdline());
}

static void run(void)
{
	u32 root = pg_current();

	if (vm_is_case("zero")) {
		enter(0);
	} else if (vm_is_case("garbage")) {
		enter((u32)garbage);
	} else if (vm_is_case("odd")) {
		enter(root + 1);
		vm_pass();
	} else if (vm_is_case("page")) {
		for (u32 i = 0; i < 100; i++) {
			enter(root);
		}
		vm_pass();
	} else if (vm_is_case("empty")) {
		enter(pg_alloc());
	} else if (vm_is_case("window")) {
		enter(0xffc04000);
	}
	vm_fail("still alive after \"%s\"", vm_cmdline());
}

void main(void)
{
	vm_init();
	vm_traps_init();
	fill_garbage();
	if (!memcmp(vm_cmdline(), "first", 5)) {
		run_first();
	}
	pg_init();
	run();
}
