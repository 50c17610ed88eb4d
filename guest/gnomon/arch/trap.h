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

/* entry.S: leave for ring 3 with @f, at the top of the current kernel stack. */
void trap_return(struct trap_frame *f) __attribute__((noreturn));

/*
 * entry.S: change stacks. Saves the callee-saved registers and the stack
 * pointer at *@save, and continues with those that were saved at @load: EDI
 * ESI EBX EBP and where to return to, lowest address first. Sets trap_work.
 */
void context_switch(uint32_t *save, uint32_t load);

/*
 * entry.S calls system calls through syscall_table. Number f->error is not in
 * it, or is not implemented: logs it once, returns -ENOSYS.
 */
long syscall_unknown(struct trap_frame *f);

void irq_set_handler(uint32_t line, void (*handler)(void));
