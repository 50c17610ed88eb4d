/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals: sending and delivering them, and the stack frames of handlers.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/linux/signal.h"

struct task;
struct process;
struct trap_frame;

#define SIGNALS		    64 /* 1 to 64 */
#define SIGNALS_UNBLOCKABLE (1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1))

/* Of a thread, or of a process for whichever thread takes it first. */
struct signal_pending {
	uint64_t set;			      /* bit n - 1: signal n */
	struct signal_info info[SIGNALS + 1]; /* by number: of the last one */
};

/* --- signal.c --- */

/* exec(): handlers are gone, ignored signals stay ignored. */
void signal_actions_reset(struct process *p);
/* From now on of the current process: what is ignored is not pending. */
void signal_set_action(uint32_t n, const struct signal_action *a);
/* Of the current task, but what cannot be blocked. */
void signal_set_blocked(uint64_t mask);
/* For as long as a call sleeps; it restores blocked_after, or delivery does. */
void signal_set_blocked_now(uint64_t mask);

/* @info may be NULL; @n 0 is no signal. */
void signal_send_task(struct task *t, uint32_t n,
		      const struct signal_info *info);
void signal_send_process(struct process *p, uint32_t n,
			 const struct signal_info *info);
/* @pgrp 0: to nobody. */
void signal_send_group(int32_t pgrp, uint32_t n);
/* @t ends on its way to ring 3, the rest of the process does not. */
void signal_end_thread(struct task *t);
/* A fault of the current task: cannot be blocked or ignored. */
void signal_force(uint32_t n, int32_t code, uint32_t address);

/* Is there one to be delivered, so that a sleep must end? */
bool signal_is_pending(const struct task *t);
/* The next one that @blocked lets through, which is not pending any more. */
bool signal_take(uint64_t blocked, struct signal_info *info);
/* On the way to ring 3: deliver, stop, or end. */
void signal_deliver(struct trap_frame *f);

/* --- sys_signal.c --- */

/* A set as programs pass it, of @size bytes as they say. 0 or -E*. */
int signal_set_get(uint64_t *set, uint32_t from, uint32_t size);

/* --- signal_frame.c --- */

/* In trap_frame->error: the call was dealt with; not to begin again. */
#define FRAME_NO_CALL 0xffffffffu

/*
 * Make @f continue in the handler of @a; @mask is what will be blocked after
 * it. 0 or -EFAULT.
 */
int signal_frame_push(struct trap_frame *f, const struct signal_action *a,
		      const struct signal_info *info, uint64_t mask);
