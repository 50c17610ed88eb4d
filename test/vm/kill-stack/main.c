// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A kernel stack must be ring 1's, of at most two pages, and writable: if not
 * SET_STACK ends the guest, and at the latest the trap that needs the stack,
 * whether the hypervisor pushes or the processor does.
 *
 * A processor would shut down. Ring 0 must not follow.
 */
#include "test/lib/paging.h"

#define VA	0x40000000u
#define TOP	(VA + PAGE_SIZE)
#define SS	0x69u
#define WINDOW	0xffc03000u /* below it is the hypervisor's state page */
#define SYSCALL 0x80u

static u32 root;

static void set_stack(u32 ss, u32 top, u32 pages)
{
	hypercall(HC_SET_STACK, ss, top, pages, 0);
}

static void with_entry(u64 pte)
{
	pg_write(root, VA, pte);
	set_stack(SS, TOP, 1);
}

static void run_call(void)
{
	if (vm_is_case("ss-ring0")) {
		set_stack(0x68, TOP, 1);
	} else if (vm_is_case("ss-ring3")) {
		set_stack(0x7b, TOP, 1);
	} else if (vm_is_case("ss-own")) {
		set_stack(0x58, TOP, 1);
	} else if (vm_is_case("pages")) {
		set_stack(SS, TOP, 3);
	} else if (vm_is_case("pages-wild")) {
		set_stack(SS, TOP, 0xffffffff);
	} else if (vm_is_case("unmapped")) {
		set_stack(SS, TOP, 1);
	} else if (vm_is_case("second")) {
		pg_write(root, VA, pg_alloc() | PTE_ALL);
		set_stack(SS, TOP, 2);
	} else if (vm_is_case("readonly")) {
		with_entry(pg_alloc() | (PTE_ALL & ~PTE_RW));
	} else if (vm_is_case("outside")) {
		with_entry(vm_ram_size() | PTE_ALL);
	} else if (vm_is_case("reserved")) {
		set_stack(SS, 0, 1);
	}
}

static void undefined(void)
{
	pg_user_end();
}

static void system_call(void)
{
	__asm__ volatile("int $0x80");
}

/* A stack that was good, and the first trap after that. */
static void lose_stack(u64 pte, void (*fn)(void))
{
	pg_set(root, VA, pg_alloc() | PTE_ALL);
	set_stack(SS, TOP, 1);
	pg_write(root, VA, pte);
	pg_flush(true);
	pg_user_try(fn);
}

static void run_trap(void)
{
	if (vm_is_case("push")) {
		lose_stack(0, undefined);
	} else if (vm_is_case("push-readonly")) {
		lose_stack(pg_alloc() | (PTE_ALL & ~PTE_RW), undefined);
	} else if (vm_is_case("push-outside")) {
		lose_stack(vm_ram_size() | PTE_ALL, undefined);
	} else if (vm_is_case("push-switcher")) {
		set_stack(SS, WINDOW, 0);
		pg_user_try(undefined);
	} else if (vm_is_case("push-none")) {
		set_stack(SS, 0, 0);
		pg_user_try(undefined);
	} else if (vm_is_case("call-trap")) {
		vm_load_stub(SYSCALL, GATE_TRAP, 3);
		lose_stack(0, system_call);
	} else if (vm_is_case("call-interrupt")) {
		vm_load_stub(SYSCALL, GATE_INTERRUPT, 3);
		lose_stack(0, system_call);
	}
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	root = pg_current();
	pg_table_of(root, VA);
	run_call();
	run_trap();
	vm_fail("still alive after \"%s\"", vm_cmdline());
}
