/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals: numbers, actions and frames of Linux i386.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct task;
struct process;
struct trap_frame;

#define SIGNALS 64 /* 1 to 64 */

/* Of the signals that are pending: what siginfo tells about them. */
struct signal_info {
	int32_t code;
	int32_t pid, status;
	uint32_t address;
};

struct signal_pending {
	uint64_t set;			  /* bit n - 1: signal n */
	struct signal_info info[SIGNALS]; /* of the last of each */
};

struct signal_action {
	uint32_t handler; /* user address, SIG_DFL 0, SIG_IGN 1 */
	uint32_t flags;
	uint32_t restorer;
	uint64_t mask;
};

/* exec(): handlers are gone, ignored signals stay ignored. */
void signal_actions_reset(struct process *p);

/* @info may be NULL. */
void signal_send_task(struct task *t, uint32_t n,
		      const struct signal_info *info);
void signal_send_process(struct process *p, uint32_t n,
			 const struct signal_info *info);
/* Returns how many processes there were. */
uint32_t signal_send_group(int32_t pgrp, uint32_t n);
/* @t ends on its way to ring 3, the rest of the process does not. */
void signal_end_thread(struct task *t);
/* A fault of the current task: cannot be blocked or ignored. */
void signal_force(uint32_t n, int32_t code, uint32_t address);

/* Is there one to be delivered, so that a sleep must end? */
bool signal_is_pending(const struct task *t);

/* The next one that @blocked lets through, which is not pending any more. */
bool signal_take(uint64_t blocked, uint32_t *signal, struct signal_info *info);
/* After the action of @n has changed. */
void signal_forget_ignored(struct process *p, uint32_t n);

/* On the way to ring 3: deliver, stop, or end. */
void signal_deliver(struct trap_frame *f);
