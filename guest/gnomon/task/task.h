/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks: threads of execution, grouped into processes by what they share.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/mm/user_ptr.h"
#include "guest/gnomon/task/clock.h"

struct vm_space;
struct fd_table;
struct inode;
struct trap_frame;

#define SIGNALS		    64 /* 1 to 64 */
#define SIGNALS_UNBLOCKABLE (1ull << (SIGKILL - 1) | 1ull << (SIGSTOP - 1))

/* Of a thread, or of a process for whichever thread takes it first. */
struct signal_pending {
	uint64_t set;			      /* bit n - 1: signal n */
	struct signal_info info[SIGNALS + 1]; /* by number: of the last one */
};

struct wait_queue {
	struct task *first;
};

enum task_state {
	TASK_READY,    /* runs, or waits for the processor */
	TASK_SLEEPING, /* on a wait queue; signals wake it */
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
	/* NULL: the first, or a zombie to be forgotten */
	struct process *parent;
	struct task *leader;	      /* a zombie if it ended first */
	uint32_t threads;	      /* that have not ended */
	struct wait_queue child_wait; /* wait4() of its threads sleeps here */
	struct signal_action action[SIGNALS + 1]; /* by number */
	struct signal_pending pending;		  /* of the whole process */
	struct rlimit_pair limit[RLIMITS];
	uint32_t exit_signal; /* for the parent when it ends; 0: none */
	uint32_t exit_status; /* as wait4() shows it */
	bool is_exiting;
	bool is_zombie;	   /* all threads have ended */
	bool is_stopped;   /* by job control */
	bool has_wait_status; /* that wait4() has not told the parent: */
	uint32_t wait_status; /* it ended, stopped, continued */
	struct inode *cwd; /* referenced; NULL: it ended */
	uint32_t umask;
	struct timer alarm;	 /* ITIMER_REAL */
	uint64_t alarm_interval; /* ns; 0: once */
	uint64_t ended_ns;	 /* processor time of threads that ended */
	uint64_t children_ns;	 /* of ended children that were waited for */
};

/* A word of memory: at an address of a space, or at a place in a file. */
struct futex_key {
	const void *owner;
	uint32_t at;
};

struct task {
	int32_t tid;
	enum task_state state;
	struct process *process;
	struct trap_frame *frame; /* of its last entry from ring 3 */
	uint32_t stack;		  /* kernel stack: lowest address */
	uint32_t saved_esp;	  /* while it does not run */

	struct vm_space *vm; /* counted references, both */
	struct fd_table *fds;

	uint64_t tls[TLS_ENTRIES];
	uint32_t user_fs, user_gs; /* the same */
	uint8_t fpu[512 + 16];	   /* FXSAVE area somewhere in it, aligned */

	struct futex_key futex; /* while it waits for one */

	bool must_end; /* alone, while the process lives on */
	struct signal_pending pending;
	uint64_t blocked;
	uint64_t blocked_after;	     /* differs while a call has its own mask */
	struct linux_stack altstack; /* of SA_ONSTACK handlers; size 0: none */

	struct user_ptr clear_tid;	 /* set_tid_address */
	struct user_ptr set_tid;	 /* where its number goes first */
	struct wait_queue *vfork_parent; /* sleeps there; NULL: it does not */
	uint64_t restart_deadline; /* of a sleep that a stop interrupted */
	uint64_t run_ns;	   /* processor time used */
	uint64_t started_ns;
	char name[TASK_NAME_MAX];

	/* The scheduler's. */
	struct wait_queue *waits_on;
	struct task *queue_next; /* of the ready, or of those on waits_on */
	bool is_uninterruptible; /* sleeps without regard to signals */
	int wait_result;	 /* of wait_on() */
	struct timer timeout;

	struct task *next; /* of all tasks */
};

extern struct task *current;

#define TID_MAX 8192 /* numbers are below it */

/* A new task of @process, or of a new one; NULL: no memory or no number. */
struct task *task_new(struct process *process);
/* Its stack is not in use; the process goes with its leader. */
void task_free(struct task *t);
/* In place of its process's leader, which has ended, and is gone then. */
void task_become_leader(struct task *t);
/* Children of @p that are there, from @after (NULL: the first) on. */
struct process *process_child(const struct process *p, struct process *after);
/* The same for the threads of @p. */
struct task *process_thread(const struct process *p, struct task *after);
/* Somebody in group or session @number. */
struct process *process_member(int32_t number);
/* Does @number, as wait4() and kill() take it, mean @p? */
bool process_is_meant(const struct process *p, int32_t number);
/* It was started by nobody of its session outside of its group. */
bool process_is_orphaned(const struct process *p);
struct task *task_find(int32_t tid);
struct process *process_find(int32_t tgid); /* 0: the current one */
struct task *task_first(void);		    /* walk with ->next */
/* The process after @p; NULL: the first. */
struct process *process_next(const struct process *p);
uint32_t task_count(void);
/* Is a signal to be delivered, so that a sleep must end? */
static inline bool task_has_signal(const struct task *t)
{
	return ((t->pending.set | t->process->pending.set) & ~t->blocked) ||
	       t->process->is_stopped;
}
