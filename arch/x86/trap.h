/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Traps of the hypervisor itself.
 */
#pragma once

#include "arch/x86/regs.h"

/*
 * Called from entry.S for every trap and interrupt that hits the hypervisor.
 * @f is without esp and ss. Interrupts return; exceptions panic.
 */
void trap_from_hv(struct cpu_regs *f) __attribute__((regparm(1)));

/* Called in the double-fault task. The failed context is in the TSS. */
void trap_double_fault(void) __noreturn;

/* The name of an exception vector, "interrupt" for the others. */
const char *trap_name(u32 vector);
