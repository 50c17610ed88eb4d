// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tasks and processes: making them, finding them, counting them.
 *
 * I1: a number is in use while a task has it, or a process that is not
 *     waited for, or while a group or a session is named by it.
 * I2: a process has a leader as long as it exists; the leader's number is
 *     the process's.
 * I3: in the list of tasks, threads of a process follow its leader.
 * Read sched.c next.
 */
#include "guest/gnomon/task/task.h"

#include <stdlib.h>

#include "guest/gnomon/arch/layout.h"
#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/fs/inode.h"
#include "guest/gnomon/mm/kmap.h"
#include "guest/lib/trap.h"

struct task *current;

static struct task *by_tid[TID_MAX];
static struct task *tasks;
static uint32_t count;
static int32_t last_tid;

struct task *task_find(int32_t tid)
{
	return tid > 0 && tid < TID_MAX ? by_tid[tid] : NULL;
}

struct process *process_find(int32_t tgid)
{
	struct task *t = task_find(tgid ? tgid : current->process->tgid);

	return t && t->process->tgid == t->tid ? t->process : NULL;
}

struct task *task_first(void)
{
	return tasks;
}

struct process *process_next(const struct process *p)
{
	struct task *t = p ? p->leader : tasks;

	while (t && t->process == p) {
		t = t->next;
	}
	return t ? t->process : NULL;
}

uint32_t task_count(void)
{
	return count;
}

struct process *process_child(const struct process *p, struct process *after)
{
	do {
		after = process_next(after);
	} while (after && after->parent != p);
	return after;
}

struct task *process_thread(const struct process *p, struct task *after)
{
	struct task *t = after ? after->next : p->leader;

	while (t && t->process == p && t->state == TASK_ZOMBIE) {
		t = t->next;
	}
	return t && t->process == p ? t : NULL;
}

bool process_is_meant(const struct process *p, int32_t number)
{
	return number == -1 || p->tgid == number ||
	       (number ? (uint32_t)p->pgrp + (uint32_t)number == 0
		       : p->pgrp == current->process->pgrp);
}

bool process_is_orphaned(const struct process *p)
{
	const struct process *by = p->parent;

	while (by && by->pgrp == p->pgrp) {
		by = by->parent;
	}
	return !by || by->session != p->session;
}

struct process *process_member(int32_t number)
{
	struct process *p = NULL;

	do {
		p = process_next(p);
	} while (p && p->pgrp != number && p->session != number);
	return p;
}

/*
 * Numbers rise and wrap, so that one that ended is not soon taken for another.
 */
static int32_t find_tid(void)
{
	for (int32_t i = 1; i < TID_MAX; i++) {
		int32_t tid = (last_tid + i) % TID_MAX;

		if (tid && !by_tid[tid] && !process_member(tid)) {
			last_tid = tid;
			return tid;
		}
	}
	return 0;
}

struct task *task_new(struct process *process)
{
	struct task *t = calloc(1, sizeof(*t));
	struct process *p = process ? process : calloc(1, sizeof(*p));
	struct task **link = process ? &process->leader->next : &tasks;
	int32_t tid = find_tid();
	uint32_t stack = t && p && tid ? stack_new() : 0;

	if (!stack) {
		free(t);
		free(process ? NULL : p);
		return NULL;
	}
	if (!process) {
		p->tgid = tid;
		p->leader = t;
	}
	p->threads++;
	t->tid = tid;
	t->stack = stack;
	t->process = p;
	t->started_ns = platform_now();
	t->frame = (struct trap_frame *)(t->stack + KERNEL_STACK_SIZE) - 1;
	t->next = *link;
	*link = t;
	by_tid[t->tid] = t;
	count++;
	return t;
}

void task_become_leader(struct task *t)
{
	struct task *old = t->process->leader;
	int32_t tid = t->tid;

	t->tid = old->tid;
	old->tid = tid;
	by_tid[t->tid] = t;
	t->process->leader = t;
	task_free(old);
}

void task_free(struct task *t)
{
	struct task **link = &tasks;

	while (*link != t) {
		link = &(*link)->next;
	}
	*link = t->next;
	by_tid[t->tid] = NULL;
	count--;
	t->process->ended_ns += t->run_ns;
	stack_free(t->stack);
	if (t->process->leader == t) {
		inode_put(t->process->cwd);
		free(t->process);
	}
	free(t);
}
