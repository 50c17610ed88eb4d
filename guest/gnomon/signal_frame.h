/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handlers of programs: entering them and coming back.
 */
#pragma once

#include "guest/gnomon/signal.h"

/* In trap_frame->error: the call was dealt with; not to begin again. */
#define FRAME_NO_CALL 0xffffffffu
/* int $0x80 */
#define FRAME_INT_SIZE 2

/*
 * Make @f continue in the handler @a of signal @n; @mask is what will be
 * blocked after it. 0 or -EFAULT.
 */
int signal_frame_push(struct trap_frame *f, uint32_t n,
		      const struct signal_action *a,
		      const struct signal_info *info, uint64_t mask);
/* As programs see it. */
struct linux_siginfo;
struct linux_stack;
void signal_info_show(struct linux_siginfo *to, uint32_t n,
		      const struct signal_info *info);
void signal_stack_show(struct linux_stack *to, uint32_t esp);
/* The stack of SA_ONSTACK handlers. 0 or -E*. */
int signal_stack_set(const struct linux_stack *from, uint32_t esp);
/* @mask without what cannot be blocked. */
uint64_t signal_blockable(uint64_t mask);
