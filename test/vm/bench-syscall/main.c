// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A system call by either kind of gate, there and back, takes too few
 * instructions for an exit: the processor delivers it.
 *
 * Under "-icount shift=0" the time stamp counts instructions.
 */
#include "test/lib/paging.h"

#define SYSCALL 0x80u
#define ROUNDS	1024u
#define IF	0x200u

void just_return(void);
__asm__("just_return: iret\n");

static u32 cost;

static void measure(void)
{
	u64 start = rdtsc();

	for (u32 i = 0; i < ROUNDS; i++) {
		__asm__ volatile("int $0x80" : : : "memory");
	}
	cost = (u32)(rdtsc() - start) / ROUNDS;
	pg_user_end();
}

static void report(const char *name, u32 type)
{
	vm_load_gate(SYSCALL, (u32)just_return, type, 3);
	lg_write(LG_IRQ_ENABLED, IF);
	VM_CHECK(pg_user_try(measure)->vector == TRAP_UD);
	vm_printf("bench syscall.%s %u\n", name, cost);
}

void main(void)
{
	vm_init();
	vm_traps_init();
	pg_init();
	report("trap_gate", GATE_TRAP);
	report("interrupt_gate", GATE_INTERRUPT);
	vm_pass();
}
