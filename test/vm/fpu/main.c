// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The virtual task-switched flag decides whether the FPU can be used: set, an
 * instruction of it is trap 7 in ring 1 and ring 3; clear, it runs, and what
 * it computes survives every kind of exit. Its own exceptions arrive.
 *
 * Kernels restore a program's FPU state in that trap.
 */
#include "test/lib/paging.h"

#define TRAP_MF	    16u
#define CW_NO_MASKS 0x0340u

static void set_ts(u32 value)
{
	hypercall(HC_TS, value, 0, 0, 0);
}

static void use(void *unused)
{
	(void)unused;
	__asm__ volatile("fnop");
}

static void user_use(void)
{
	__asm__ volatile("fnop; ud2");
}

static void wait(void *unused)
{
	(void)unused;
	__asm__ volatile("fwait");
}

static void check_set(u32 value)
{
	const struct vm_trap *trap;

	set_ts(value);
	for (u32 i = 0; i < 2; i++) {
		trap = vm_try(use, NULL);
		VM_CHECK(trap && trap->vector == TRAP_NM && !trap->error);
		VM_CHECK(pg_user_try(user_use)->vector == TRAP_NM);
		trap = vm_try(wait, NULL);
		VM_CHECK(trap && trap->vector == TRAP_NM);
	}
}

static void check_clear(void)
{
	set_ts(0);
	VM_CHECK(!vm_try(use, NULL));
	VM_CHECK(pg_user_try(user_use)->vector == TRAP_UD);
	VM_CHECK(!vm_try(use, NULL));
}

/* Hypercall, port access, filled and reflected fault, trap from ring 3. */
static void leave_and_return(void)
{
	u32 value;

	hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
	inb(0x80);
	pg_set(pg_current(), 0x40000000, pg_alloc() | PTE_P);
	VM_CHECK(!vm_try_read(0x40000000, &value));
	VM_CHECK(vm_try_read(0x50000000, &value));
	VM_CHECK(pg_user_try(user_use)->vector == TRAP_UD);
}

static void check_kept(void)
{
	static const u32 numbers[] = { 7, 0x12345678, 42 };
	u32 result[3];

	__asm__ volatile("fninit; fildl %0; fildl %1; fildl %2"
			 :
			 : "m"(numbers[0]), "m"(numbers[1]), "m"(numbers[2]));
	leave_and_return();
	__asm__ volatile("fistpl %0; fistpl %1; fistpl %2"
			 : "=m"(result[2]), "=m"(result[1]), "=m"(result[0]));
	for (u32 i = 0; i < ARRAY_SIZE(numbers); i++) {
		VM_CHECK(result[i] == numbers[i]);
	}
}

/* An unmasked division by zero is told at the next instruction. */
static void check_exception(void)
{
	u16 control = CW_NO_MASKS;
	const struct vm_trap *trap;

	__asm__ volatile("fninit; fldcw %0; fld1; fldz; fdivrp"
			 :
			 : "m"(control));
	trap = vm_try(wait, NULL);
	VM_CHECK(trap && trap->vector == TRAP_MF && !trap->error);
	__asm__ volatile("fnclex; fninit");
	VM_CHECK(!vm_try(wait, NULL));
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	check_clear();
	check_set(8);
	check_clear();
	check_kept();
	check_set(0xffffffff);
	check_clear();
	check_exception();
	vm_pass();
}
