/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Restarting the machine.
 */
#include "arch/x86/reset.h"

#include "arch/x86/cpu.h"

#define I8042_STATUS	  0x64
#define I8042_COMMAND	  0x64
#define I8042_INPUT_FULL  0x02
#define I8042_PULSE_RESET 0xfe

#define POLLS 100000u

void reset_machine(void)
{
	struct dtr none = { 0, 0 };

	irq_disable();
	for (u32 i = 0; i < POLLS; i++) {
		if (!(inb(I8042_STATUS) & I8042_INPUT_FULL)) {
			break;
		}
	}
	outb(I8042_COMMAND, I8042_PULSE_RESET);
	for (u32 i = 0; i < POLLS; i++) {
		inb(I8042_STATUS);
	}
	/* No IDT, then a trap: the processor shuts down, the board resets. */
	lidt(&none);
	__asm__ volatile("int3");
	cpu_halt_forever();
}
