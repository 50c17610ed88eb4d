// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The system call leads nowhere but to the guest's handler: before there is
 * one, after it was taken away, with a handler or a stack that are nonsense,
 * single-stepped, behind a load of SS; and what the hypervisor maps for it
 * shows nothing of its own.
 *
 * The processor delivers it without asking, so nobody can look in between.
 */
#include "test/lib/paging.h"

#define SYSCALL	  0x80u
#define WINDOW	  0xffc00000u
#define PAGES	  16u
#define IF	  0x200u
#define USER_CS	  0x73u
#define INT_ERROR (SYSCALL * 8 + 2)
#define CODE_MAX  32u /* of what is executed in the window for a call */

static void user_call(void)
{
	__asm__ volatile("int $0x80; ud2");
}

static void kernel_call(void *unused)
{
	(void)unused;
	__asm__ volatile("int $0x80" : : : "memory");
}

static void check_refused(void)
{
	const struct vm_trap *trap = pg_user_try(user_call);

	VM_CHECK(trap->vector == TRAP_GP && trap->error == INT_ERROR);
	VM_CHECK(trap->cs == USER_CS);
	trap = vm_try(kernel_call, NULL);
	VM_CHECK(trap->vector == TRAP_GP && trap->error == INT_ERROR);
}

/* Not present, and level 0, after both kinds were there. */
static void check_absent(void)
{
	for (u32 type = GATE_INTERRUPT; type <= GATE_TRAP; type++) {
		const struct vm_trap *trap;

		vm_load_stub(SYSCALL, type, 3);
		VM_CHECK(pg_user_try(user_call)->vector == SYSCALL);
		hypercall(HC_LOAD_IDT_ENTRY, SYSCALL, 0, 0, 0);
		trap = pg_user_try(user_call);
		VM_CHECK(trap->vector == TRAP_GP || trap->vector == TRAP_NP);
		VM_CHECK((trap->error & ~1u) == INT_ERROR);
		vm_load_stub(SYSCALL, type, 0);
		trap = pg_user_try(user_call);
		VM_CHECK(trap->vector == TRAP_GP && trap->error == INT_ERROR);
		trap = vm_try(kernel_call, NULL);
		VM_CHECK(trap->vector == TRAP_GP && trap->error == INT_ERROR);
	}
}

static void load_both(void)
{
	vm_load_stub(SYSCALL, GATE_TRAP, 3);
	vm_load_stub(SYSCALL, GATE_INTERRUPT, 3);
	lg_write(LG_IRQ_ENABLED, IF);
	VM_CHECK(pg_user_try(user_call)->vector == SYSCALL);
}

/* Is the page of the window at @va the one that our own area is in? */
static bool is_own(u32 va)
{
	u32 own = (u32)vm_lguest_data & ~0xfffu;

	return !memcmp((void *)va, (void *)own, PAGE_SIZE);
}

static u32 used_bytes(u32 va)
{
	u32 last = 0;

	for (u32 i = 0; i < PAGE_SIZE; i++) {
		if (*(volatile u8 *)(va + i)) {
			last = i + 1;
		}
	}
	return last;
}

/* Code, tables, registers; and now perhaps a stub and the guest's own. */
static void check_window(void)
{
	bool before[PAGES];
	u32 value;

	for (u32 i = 0; i < PAGES; i++) {
		before[i] = !vm_try_read(WINDOW + i * PAGE_SIZE, &value);
	}
	load_both();
	for (u32 i = 0; i < PAGES; i++) {
		u32 va = WINDOW + i * PAGE_SIZE;

		if (vm_try_read(va, &value) || before[i] || is_own(va)) {
			continue;
		}
		VM_CHECK(vm_try_write(va, value));
		VM_CHECK(used_bytes(va) <= CODE_MAX);
	}
	for (u32 i = 0; i < PAGES; i++) {
		const struct vm_trap *trap =
			pg_access(WINDOW + i * PAGE_SIZE, PG_READ, 3);

		VM_CHECK(trap && trap->vector == TRAP_PF);
	}
}

/* What is executed there for a call is not ring 3's to execute. */
static void check_fetches(void)
{
	load_both();
	for (u32 page = 0; page < PAGES; page++) {
		for (u32 at = 0; at < CODE_MAX; at++) {
			u32 va = WINDOW + page * PAGE_SIZE + at;
			const struct vm_trap *trap = pg_access(va, PG_FETCH, 3);

			VM_CHECK(trap && trap->vector == TRAP_PF);
			VM_CHECK(trap->cr2 == va && trap->cs == USER_CS);
		}
	}
}

static void step_call(void)
{
	__asm__ volatile("pushfl; orl $0x100, (%esp); popfl;"
			 "int $0x80; ud2");
}

static void step_behind_stack(void)
{
	__asm__ volatile("mov %ss, %ecx; pushfl; orl $0x100, (%esp); popfl;"
			 "mov %ecx, %ss; int $0x80; ud2");
}

static void check_step(void)
{
	static void (*const fn[])(void) = { step_call, step_behind_stack };

	for (u32 type = GATE_INTERRUPT; type <= GATE_TRAP; type++) {
		vm_load_stub(SYSCALL, type, 3);
		for (u32 i = 0; i < ARRAY_SIZE(fn); i++) {
			const struct vm_trap *trap = pg_user_try(fn[i]);

			VM_CHECK(trap->vector == TRAP_DB ||
				 trap->vector == SYSCALL);
			VM_CHECK(trap->cs == USER_CS);
			VM_CHECK(!(trap->handler_eflags & 0x100));
		}
	}
}

void main(void)
{
	vm_init();
	if (vm_is_case("none")) {
		kernel_call(NULL);
	}
	vm_traps_init();
	pg_init();
	if (vm_is_case("user")) {
		check_refused();
	} else if (vm_is_case("absent")) {
		check_absent();
	} else if (vm_is_case("window")) {
		check_window();
	} else if (vm_is_case("fetch")) {
		check_fetches();
	} else if (vm_is_case("step")) {
		check_step();
	} else if (vm_is_case("stack")) {
		load_both();
		hypercall(HC_SET_STACK, 0x61, pg_trap_stack_top(), 0, 0);
		pg_user_try(user_call);
		vm_fail("a code segment is no stack");
	} else if (vm_is_case("handler")) {
		/* The stub's page of the window, by ring 1: runs and faults. */
		hypercall(HC_LOAD_IDT_ENTRY, TRAP_PF, 0, 0, 0);
		vm_load_gate(SYSCALL, 0xfffffff0, GATE_INTERRUPT, 3);
		pg_user_try(user_call);
		vm_fail("a handler at the end");
	}
	vm_pass();
}
