/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals: actions, masks, sending.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/mm/user_ptr.h"
#include "guest/gnomon/task/task.h"
#include "guest/lib/trap.h"

/* What signals do by default; those that are in none of them end a process. */
#define SIGNAL_BIT(n) (1ull << ((n)-1))
#define SIGNALS_STOP                                                       \
	(SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | \
	 SIGNAL_BIT(SIGTTOU))
#define SIGNALS_IGNORED                                                   \
	(SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGCONT) | SIGNAL_BIT(SIGURG) | \
	 SIGNAL_BIT(SIGWINCH))
#define SIGNALS_FAULT                                                    \
	(SIGNAL_BIT(SIGILL) | SIGNAL_BIT(SIGTRAP) | SIGNAL_BIT(SIGBUS) | \
	 SIGNAL_BIT(SIGFPE) | SIGNAL_BIT(SIGSEGV))

/* The first process is ended by nobody but itself. */
bool signal_is_protected(const struct process *p, uint32_t n);

/* exec(): handlers are gone, ignored signals stay ignored. */
void signal_actions_reset(struct process *p);
/* From now on of the current process: what is ignored is not pending. */
void signal_set_action(uint32_t n, const struct signal_action *a);
/*
 * Of the current task, but what cannot be blocked, for as long as a call
 * sleeps; it restores blocked_after, or delivery does.
 */
static inline void signal_set_blocked_now(uint64_t mask)
{
	current->blocked = mask & ~SIGNALS_UNBLOCKABLE;
	trap_work = 1;
}

/* From now on. */
static inline void signal_set_blocked(uint64_t mask)
{
	signal_set_blocked_now(mask);
	current->blocked_after = current->blocked;
}

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

/* The next one that @blocked lets through, which is not pending any more. */
bool signal_take(uint64_t blocked, struct signal_info *info);
/* @p ended, stopped or continued, as @status says: tell its parent. */
void signal_tell_parent(struct process *p, uint32_t status);
/* @p has stopped: none of its threads goes on. */
void signal_stop(struct process *p);
/* Sleep until the current process is continued, or the thread is to end. */
void signal_stay_stopped(void);

/* A set as programs pass it, of @size bytes as they say. 0 or -E*. */
int signal_set_get(uint64_t *set, struct user_ptr from, uint32_t size);
