// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * With gates loaded, traps arrive with vector, error code, address and a
 * frame like the processor's.
 */
#include "test/lib/vm.h"

#define WILD	  0xb0000000u
#define GUEST_CS  0x61u
#define EFLAGS_IF 0x200u

static void check_fault(const struct vm_trap *trap, u32 address, u32 error)
{
	VM_CHECK(trap != NULL);
	if (trap->vector != TRAP_PF || trap->cr2 != address ||
	    trap->error != error) {
		vm_fail("trap %u error 0x%x cr2 0x%x, not 14 0x%x 0x%x",
			trap->vector, trap->error, trap->cr2, error, address);
	}
	VM_CHECK(trap->cs == GUEST_CS);
}

static void undefined(void *arg)
{
	(void)arg;
	__asm__ volatile("ud2");
}

static void divide(void *arg)
{
	u32 quotient;
	u32 rest;

	(void)arg;
	__asm__ volatile("divl %4"
			 : "=a"(quotient), "=d"(rest)
			 : "0"(1), "1"(0), "r"(0));
}

static void check_vector(void (*fn)(void *), u32 vector)
{
	const struct vm_trap *trap = vm_try(fn, NULL);

	VM_CHECK(trap != NULL);
	if (trap->vector != vector || trap->error != 0) {
		vm_fail("trap %u error 0x%x, not %u", trap->vector, trap->error,
			vector);
	}
}

/* The frame shows the virtual flag, and an interrupt gate clears it. */
static void check_virtual_if(void)
{
	const struct vm_trap *trap;

	lg_write(LG_IRQ_ENABLED, EFLAGS_IF);
	trap = vm_try(undefined, NULL);
	VM_CHECK(trap != NULL);
	VM_CHECK((trap->eflags & EFLAGS_IF) != 0);

	lg_write(LG_IRQ_ENABLED, 0);
	trap = vm_try(undefined, NULL);
	VM_CHECK(trap != NULL);
	VM_CHECK((trap->eflags & EFLAGS_IF) == 0);
}

void main(void)
{
	u32 value;

	vm_init();
	vm_traps_init();
	check_fault(vm_try_read(WILD + 4, &value), WILD + 4, 0);
	check_fault(vm_try_write(WILD + 8, 1), WILD + 8, PF_WRITE);
	check_vector(undefined, TRAP_UD);
	check_vector(divide, TRAP_DE);
	check_virtual_if();
	vm_pass();
}
