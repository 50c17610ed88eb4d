// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Of the top 4 MiB a guest can read at most three pages and write at most
 * one, and whatever it writes there the hypervisor goes on working.
 *
 * That corner is all of the hypervisor a guest's tables contain: its code, its
 * descriptor tables and the page its traps are pushed on. Ring 1 is supervisor
 * to paging, so only absence and read-only entries protect it.
 */
#include "test/lib/vm.h"

#define WINDOW	     0xffc00000u
#define READABLE_MAX 3
#define WRITABLE_MAX 1

static const u32 junk[] = { 0, 0xffffffff, 0xc0000000, 0x00100000, 0x1234567 };

static u32 writable;

static bool reads(u32 address)
{
	u32 value;
	const struct vm_trap *trap = vm_try_read(address, &value);

	if (trap && (trap->vector != TRAP_PF || trap->cr2 != address)) {
		vm_fail("reading 0x%x: trap %u cr2 0x%x", address, trap->vector,
			trap->cr2);
	}
	return trap == NULL;
}

static bool writes(u32 address, u32 value)
{
	const struct vm_trap *trap = vm_try_write(address, value);

	if (trap && (trap->vector != TRAP_PF || trap->cr2 != address ||
		     (trap->error & PF_WRITE) == 0)) {
		vm_fail("writing 0x%x: trap %u error 0x%x cr2 0x%x", address,
			trap->vector, trap->error, trap->cr2);
	}
	return trap == NULL;
}

/* To ring 0 and back, by each of the ways there are. */
static void still_works(void)
{
	u32 value;

	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
	VM_CHECK(inb(0x80) == 0xff);
	VM_CHECK(vm_try_read(0xb0000000, &value) != NULL);
}

static void count_pages(void)
{
	u32 readable = 0;
	u32 page = WINDOW;

	do {
		if (reads(page)) {
			readable++;
			vm_printf("readable: 0x%x\n", page);
		}
		if (writes(page + PAGE_SIZE - 4, 0)) {
			VM_CHECK(++writable <= WRITABLE_MAX);
			vm_printf("writable: 0x%x\n", page);
		}
		page += PAGE_SIZE;
	} while (page != 0);
	VM_CHECK(readable <= READABLE_MAX);
}

/* Overwrite one page, returning to the hypervisor after every dword. */
static void spoil(u32 page)
{
	u32 offset;
	size_t i;

	for (offset = 0; offset < PAGE_SIZE; offset += 4) {
		for (i = 0; i < ARRAY_SIZE(junk); i++) {
			if (!writes(page + offset, junk[i])) {
				return;
			}
			hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
		}
	}
}

/* Fill all of one page without leaving the guest in between. */
static void fill(u32 page, u32 value)
{
	u32 offset;

	if (!writes(page, value)) {
		return;
	}
	for (offset = 0; offset < PAGE_SIZE; offset += 4) {
		*(volatile u32 *)(page + offset) = value;
	}
	still_works();
}

void main(void)
{
	u32 page = WINDOW;
	size_t i;

	vm_init();
	vm_traps_init();
	count_pages();
	still_works();
	do {
		spoil(page);
		for (i = 0; i < ARRAY_SIZE(junk); i++) {
			fill(page, junk[i]);
		}
		page += PAGE_SIZE;
	} while (page != 0);
	still_works();
	vm_pass();
}
