/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entering and leaving the kernel.
 *
 * A task's trap frame lies at the top of its kernel stack:
 * stack + KERNEL_STACK_SIZE - sizeof(struct trap_frame).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/arch/layout.h"
#include "guest/lib/trap.h"

/* Ring 3, as opposed to the kernel's own faults on user memory. */
static inline bool trap_from_user(const struct trap_frame *f)
{
	return (f->cs & 3) == 3;
}

/* switch.S: leave for ring 3 with @f, at the top of the current stack. */
void trap_return(struct trap_frame *f) __attribute__((noreturn));

/*
 * switch.S: change stacks. Saves the callee-saved registers and the stack
 * pointer at *@save, and continues with those that were saved at @load: EDI
 * ESI EBX EBP and where to return to, lowest address first. Sets trap_work.
 */
void context_switch(uint32_t *save, uint32_t load);
