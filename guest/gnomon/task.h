/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks: threads of execution, grouped into processes by what they share.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/signal.h"
#include "guest/gnomon/trap.h"
#include "guest/gnomon/wait.h"

struct vm_space;
struct fd_table;
struct fs_context;

enum task_state {
	TASK_READY,    /* runs, or waits for the processor */
	TASK_SLEEPING, /* on a wait queue; signals wake it */
	TASK_STOPPED,  /* by job control */
	TASK_ZOMBIE,   /* has ended, its parent does not know yet */
};

#define TASK_NAME_MAX 16
#define TLS_ENTRIES   3

struct rlimit_pair {
	uint32_t soft, hard;
};

#define RLIMITS 16 /* RLIMIT_* of Linux */

/* A process: what all of its threads share. */
struct process {
	int32_t tgid, pgrp, session;
	struct process *parent;
	struct task *leader;
	uint32_t threads;	      /* that have not ended */
	struct wait_queue child_wait; /* wait4() of its threads sleeps here */
	struct signal_actions *actions;
	struct signal_pending pending; /* of the whole process */
	struct rlimit_pair limit[RLIMITS];
	uint32_t exit_status; /* as wait4() shows it */
	bool is_exiting;
	uint64_t alarm_at;    /* ns of platform->now(); 0: none */
	uint64_t children_ns; /* of ended children that were waited for */
	struct process *next; /* of all processes */
};

struct task {
	int32_t tid;
	enum task_state state;
	struct process *process;
	struct trap_frame *frame; /* of its last entry from ring 3 */
	uint32_t stack;		  /* kernel stack: pa, KERNEL_STACK_ORDER */
	uint32_t saved_esp;	  /* while it does not run */

	struct vm_space *vm; /* counted references, all three */
	struct fd_table *fds;
	struct fs_context *fs; /* working directory, umask */

	uint64_t tls[TLS_ENTRIES];
	uint32_t user_gs;
	uint8_t fpu[512 + 16]; /* FXSAVE area somewhere in it, aligned */

	struct signal_pending pending;
	uint64_t blocked, saved_blocked;
	bool restores_blocked; /* sigsuspend: put saved_blocked back */
	uint32_t altstack, altstack_size;

	uint32_t clear_tid; /* user address, set_tid_address */
	uint32_t robust_list;
	uint64_t run_ns; /* processor time used */
	uint64_t started_ns;
	char name[TASK_NAME_MAX];

	/* The scheduler's. */
	struct task *run_next;
	struct wait_queue *waits_on;
	struct task *wait_next;
	uint64_t deadline; /* ns of platform->now(); 0: none */
	bool has_timed_out;

	struct task *next; /* of all tasks */
};

extern struct task *current;

/* --- task.c --- */

/* A new task of @process, or of a new one; NULL: no memory or no number. */
struct task *task_new(struct process *process);
void task_free(struct task *t);
struct task *task_find(int32_t tid);
struct process *process_find(int32_t tgid);
struct task *task_first(void); /* walk with ->next */
struct process *process_first(void);
uint32_t task_count(void);

/* --- fork.c exec.c exit.c --- */

/* Run the program at @path as the first process. Does not return. */
void exec_init(const char *path, const char *const argv[],
	       const char *const envp[]) __attribute__((noreturn));
/* The whole process ends; @status as wait4() shows it. */
void exit_process(uint32_t status) __attribute__((noreturn));
/* The current thread alone ends. */
void exit_thread(uint32_t status) __attribute__((noreturn));

/* --- sched.c --- */

void sched_init(void);
void sched_ready(struct task *t); /* a new one, or one that was stopped */
/* Give up the processor; returns when the task runs again. */
void sched_yield(void);
/* The current task is not TASK_READY any more: run others. */
void sched_leave(void);
/* On the way to ring 3: is somebody else's turn? */
void sched_check(void);
uint32_t sched_ready_count(void);
uint64_t sched_idle_ns(void);
