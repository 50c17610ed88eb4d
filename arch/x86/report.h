/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processor's part of a panic: registers, control registers, stack
 * trace. panic() calls arch_panic_report(), bound at link time.
 */
#pragma once

#include "arch/x86/regs.h"

/*
 * The panic to come is about this trap: @f (without esp and ss) and the
 * stack pointer before it. Without a call the report is about panic()'s
 * caller.
 */
void report_set_context(const struct cpu_regs *f, u32 esp);
