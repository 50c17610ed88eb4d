// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest that takes traps and interrupts: three ticks of the timer.
 */
#include <stdio.h>

#include "guest/lib/irq.h"
#include "guest/lib/sdk.h"
#include "guest/lib/trap.h"

#define TICK_NS 10000000

static volatile int ticks;

/* Everything comes here, with interrupts closed. */
void trap_dispatch(struct trap_frame *f)
{
	if (f->vector == IRQ_VECTOR) { /* line 0 is the timer */
		ticks++;
		return;
	}
	printf("trap %u at 0x%08x\n", (unsigned)f->vector, (unsigned)f->eip);
	power_off("that was not expected");
}

/* For guests with a ring 3. */
void trap_work_run(struct trap_frame *f)
{
	(void)f;
	trap_work = 0;
}

void main(const char *cmdline)
{
	(void)cmdline;
	trap_init();
	irq_unmask(0);
	while (ticks < 3) {
		irq_close(); /* or it could ring before the sleep begins */
		irq_set_timer(TICK_NS);
		irq_wait();
		printf("tick %d\n", ticks);
	}
	power_off("three ticks");
}
