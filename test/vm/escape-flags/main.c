// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Neither popf nor iret raises the I/O privilege level or clears the real
 * interrupt flag, and a nested-task flag of the guest's making leads nowhere.
 * escape-v86 has the flag that is missing here.
 *
 * With IOPL 1 the guest would own all ports; with IF clear, the processor.
 */
#include "test/lib/vm.h"

#define EFLAGS_TF   0x100u
#define EFLAGS_IF   0x200u
#define EFLAGS_IOPL 0x3000u
#define EFLAGS_NT   0x4000u
#define EFLAGS_VM   0x20000u
#define EFLAGS_VIF  0x80000u
#define EFLAGS_VIP  0x100000u
#define EFLAGS_ONE  0x2u

#define NEVER (EFLAGS_IOPL | EFLAGS_VIF | EFLAGS_VIP)

static u32 flags_after_popf(u32 flags)
{
	__asm__ volatile("pushl %0; popfl; pushfl; popl %0"
			 : "+r"(flags)
			 :
			 : "cc", "memory");
	return flags;
}

static u32 flags_after_iret(u32 flags)
{
	__asm__ volatile("pushl %0; pushl %%cs; pushl $1f; iret\n"
			 "1:	pushfl; popl %0"
			 : "+r"(flags)
			 :
			 : "cc", "memory");
	return flags;
}

static void check(const char *how, u32 flags)
{
	if ((flags & (NEVER | EFLAGS_VM)) != 0 || (flags & EFLAGS_IF) == 0) {
		vm_fail("%s gives EFLAGS 0x%x", how, flags);
	}
}

/* The hypervisor saved and restored the flags in between. */
static u32 flags_across_hypercall(u32 flags)
{
	__asm__ volatile("pushl %0; popfl; int $0x1f; pushfl; popl %0"
			 : "+r"(flags)
			 : "a"(HC_FLUSH_ASYNC)
			 : "cc", "memory");
	return flags;
}

static void iret_nested(void *arg)
{
	(void)arg;
	__asm__ volatile("pushl %0; popfl; iret"
			 :
			 : "r"(EFLAGS_NT | EFLAGS_IF | EFLAGS_ONE)
			 : "cc", "memory");
}

/* The back link of the task is null: an invalid task, not ring 0. */
static void check_nested_task(void)
{
	const struct vm_trap *trap = vm_try(iret_nested, NULL);

	VM_CHECK(trap != NULL);
	if (trap->vector != TRAP_TS && trap->vector != TRAP_GP) {
		vm_fail("iret with NT: trap %u error 0x%x", trap->vector,
			trap->error);
	}
	flags_after_popf(EFLAGS_ONE | EFLAGS_IF);
}

static void step_hypercall(void *arg)
{
	(void)arg;
	__asm__ volatile("pushfl; orl %1, (%%esp); popfl; int $0x1f; nop; nop"
			 :
			 : "a"(HC_FLUSH_ASYNC), "i"(EFLAGS_TF)
			 : "cc", "memory");
}

static void step_after_stack_load(void *arg)
{
	(void)arg;
	__asm__ volatile("mov %%ss, %%ecx; pushfl; orl %1, (%%esp); popfl;"
			 "mov %%ecx, %%ss; int $0x1f; nop; nop"
			 :
			 : "a"(HC_FLUSH_ASYNC), "i"(EFLAGS_TF)
			 : "cc", "memory", "ecx");
}

/* Single-stepping over a hypercall traps in the guest, not in ring 0. */
static void check_single_step(void (*fn)(void *))
{
	const struct vm_trap *trap = vm_try(fn, NULL);

	VM_CHECK(trap != NULL);
	if (trap->vector != TRAP_DB) {
		vm_fail("single step: trap %u error 0x%x", trap->vector,
			trap->error);
	}
	flags_after_popf(EFLAGS_ONE | EFLAGS_IF);
}

void main(void)
{
	static const u32 images[] = { EFLAGS_ONE, EFLAGS_ONE | EFLAGS_IOPL,
				      EFLAGS_ONE | NEVER };
	size_t i;

	vm_init();
	vm_traps_init();
	for (i = 0; i < ARRAY_SIZE(images); i++) {
		check("popf", flags_after_popf(images[i]));
		check("iret", flags_after_iret(images[i]));
		check("hypercall", flags_across_hypercall(images[i]));
	}
	flags_across_hypercall(EFLAGS_ONE | EFLAGS_NT);
	check_nested_task();
	check_single_step(step_hypercall);
	check_single_step(step_after_stack_load);
	vm_pass();
}
