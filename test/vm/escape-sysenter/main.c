// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SYSENTER leads nowhere, from ring 3 and ring 1, with the nested-task flag
 * and the trap flag set as well: a #GP with the flags as they were, whose
 * handler starts without them, and the guest goes on.
 *
 * SYSENTER keeps NT, which has let more than one kernel return by a task
 * switch; and TF steps into whatever it enters.
 */
#include "test/lib/paging.h"

#define TF	0x100u
#define NT	0x4000u
#define USER_CS 0x73u

static void user_nested(void)
{
	__asm__ volatile("pushfl; orl $0x4000, (%esp); popfl\n\t"
			 "movl %esp, %ecx; sysenter");
}

/* TF traps behind the instruction after popf: that is the SYSENTER. */
static void user_stepped(void)
{
	__asm__ volatile("movl %esp, %ecx\n\t"
			 "pushfl; orl $0x4100, (%esp); popfl; sysenter");
}

static void kernel_nested(void *unused)
{
	(void)unused;
	__asm__ volatile("pushfl; orl $0x4000, (%%esp); popfl\n\t"
			 "movl %%esp, %%ecx; sysenter"
			 :
			 :
			 : "ecx", "memory", "cc");
}

static void check(const struct vm_trap *trap, u32 flags)
{
	VM_CHECK(trap != NULL);
	if (trap->vector != TRAP_GP || trap->error != 0) {
		vm_fail("trap %u, error 0x%x", trap->vector, trap->error);
	}
	/* At the instruction, not behind it. */
	VM_CHECK(((const u8 *)trap->eip)[0] == 0x0f &&
		 ((const u8 *)trap->eip)[1] == 0x34);
	VM_CHECK((trap->eflags & (NT | TF)) == flags);
	VM_CHECK(!(trap->handler_eflags & (NT | TF)));
}

static void clear_nested(void)
{
	__asm__ volatile("pushfl; andl $0xffffbfff, (%%esp); popfl"
			 :
			 :
			 : "memory", "cc");
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	for (u32 type = GATE_INTERRUPT; type <= GATE_TRAP; type++) {
		vm_load_stub(TRAP_GP, type, 0);
		check(pg_user_try(user_nested), NT);
		check(pg_user_try(user_stepped), NT | TF);
		check(vm_try(kernel_nested, NULL), NT);
		clear_nested();
		/* The hypervisor is still there, and nobody else's is. */
		hypercall(HC_FLUSH_ASYNC, 0, 0, 0, 0);
	}
	vm_pass();
}
