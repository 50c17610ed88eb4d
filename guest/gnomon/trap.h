/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entering and leaving the kernel.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* As trap.S pushes it, lowest address first. */
struct trap_frame {
	uint32_t es, ds;
	uint32_t edi, esi, ebp, unused_esp, ebx, edx, ecx, eax;
	uint32_t vector;
	uint32_t error; /* of a system call: its number */
	uint32_t eip, cs, eflags;
	uint32_t esp, ss; /* only out of ring 3 */
};

#define VECTOR_SYSCALL 0x80

/* Ring 3, as opposed to the kernel's own faults on user memory. */
static inline bool trap_from_user(const struct trap_frame *f)
{
	return (f->cs & 3) == 3;
}

/* trap.S: leave for ring 3 with @f, at the top of the current kernel stack. */
void trap_return(struct trap_frame *f) __attribute__((noreturn));

/*
 * trap.S: change stacks. Saves the callee-saved registers and the stack
 * pointer at *@save, and continues with those that were saved at @load.
 */
void context_switch(uint32_t *save, uint32_t load);

/* Called from trap.S. */
void trap_dispatch(struct trap_frame *f);
void syscall_dispatch(struct trap_frame *f);

void irq_set_handler(uint32_t line, void (*handler)(void *), void *arg);
