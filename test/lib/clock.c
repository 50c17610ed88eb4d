// SPDX-License-Identifier: GPL-2.0-or-later
#include "test/lib/clock.h"

#define IF 0x200u

volatile u32 clock_ticks;

/* The frame's flags to irq_enabled, then the iret where nothing is pushed. */
extern const u8 clock_entry[];
__asm__("clock_entry:\n\t"
	"incl %ss:clock_ticks\n\t"
	"pushl 8(%esp)\n\t"
	"popl %ss:vm_lguest_data\n\t"
	"jmp vm_iret\n");

void clock_init(void)
{
	vm_load_gate(IRQ_VECTOR, (u32)clock_entry, GATE_INTERRUPT, 0);
	lg_write(LG_BLOCKED, lg_read(LG_BLOCKED) & ~1u);
	lg_write(LG_IRQ_ENABLED, IF);
}

void clock_arm(u32 ns)
{
	hypercall(HC_SET_CLOCKEVENT, ns, 0, 0, 0);
}

void clock_sleep(u32 ns)
{
	u32 before = clock_ticks;

	/* Else the tick may come before HALT, which would wait for another. */
	lg_write(LG_IRQ_ENABLED, 0);
	clock_arm(ns);
	while (clock_ticks == before) {
		hypercall(HC_HALT, 0, 0, 0, 0);
	}
	lg_write(LG_IRQ_ENABLED, IF);
}

/* A new second between the two reads would pair the wrong halves. */
u64 clock_wall_ns(void)
{
	u32 sec, nsec;

	do {
		sec = lg_read(LG_TIME_SEC);
		nsec = lg_read(LG_TIME_NSEC);
	} while (sec != lg_read(LG_TIME_SEC));
	return (u64)sec * NS_PER_S + nsec;
}
