// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tasks and processes: making them, finding them, counting them.
 *
 * I1: a number is in use while a task has it, or a process that is not
 *     waited for, or while a group or a session is named by it.
 * I2: a process has a leader as long as it exists; the leader's number is
 *     the process's.
 * Read sched.c next.
 */
#include "guest/gnomon/task.h"

#include <stdlib.h>
#include <string.h>

#include "guest/gnomon/frame.h"
#include "guest/gnomon/layout.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/stack.h"

static struct task *by_tid[TID_MAX];
static struct task *tasks, **tasks_end = &tasks;
static struct process *processes, **processes_end = &processes;
static uint32_t count;
static int32_t last_tid;

struct task *task_find(int32_t tid)
{
	return tid > 0 && tid < TID_MAX ? by_tid[tid] : NULL;
}

struct process *process_find(int32_t tgid)
{
	struct task *t = task_find(tgid);

	return t && t->process->tgid == tgid ? t->process : NULL;
}

struct task *task_first(void)
{
	return tasks;
}

struct process *process_first(void)
{
	return processes;
}

uint32_t task_count(void)
{
	return count;
}

struct process *process_child(const struct process *p, struct process *after)
{
	struct process *c = after ? after->next : processes;

	while (c && c->parent != p) {
		c = c->next;
	}
	return c;
}

struct task *process_thread(const struct process *p, struct task *after)
{
	struct task *t = after ? after->next : tasks;

	/* One thread is the rule: no need to look at everybody. */
	if (!after && p->threads <= 1 && p->leader->state != TASK_ZOMBIE) {
		return p->leader;
	}
	if (after && p->threads <= 1 && after == p->leader) {
		return NULL;
	}
	while (t && (t->process != p || t->state == TASK_ZOMBIE)) {
		t = t->next;
	}
	return t;
}

bool process_group_is_orphaned(int32_t pgrp, const struct process *leaving)
{
	for (const struct process *p = processes; p; p = p->next) {
		const struct process *parent = p->parent;

		if (p->pgrp == pgrp && p != leaving && !p->is_zombie &&
		    parent && parent != leaving && parent->pgrp != pgrp &&
		    parent->session == p->session) {
			return false;
		}
	}
	return true;
}

uint64_t process_run_ns(const struct process *p)
{
	uint64_t ns = p->ended_ns;

	if (p->leader->state == TASK_ZOMBIE) {
		ns += task_run_ns(p->leader);
	}
	for (struct task *t = process_thread(p, NULL); t;
	     t = process_thread(p, t)) {
		ns += task_run_ns(t);
	}
	return ns;
}

static bool is_group_or_session(int32_t number)
{
	for (const struct process *p = processes; p; p = p->next) {
		if (p->pgrp == number || p->session == number) {
			return true;
		}
	}
	return false;
}

/* Numbers rise and wrap, so that one that ended is not soon taken for another.
 */
static int32_t find_tid(void)
{
	for (int32_t i = 1; i < TID_MAX; i++) {
		int32_t tid = (last_tid + i) % TID_MAX;

		if (tid && !by_tid[tid] && !is_group_or_session(tid)) {
			last_tid = tid;
			return tid;
		}
	}
	return 0;
}

static void set_default_limits(struct rlimit_pair limit[RLIMITS])
{
	for (uint32_t i = 0; i < RLIMITS; i++) {
		limit[i].soft = limit[i].hard = RLIM_INFINITY;
	}
	limit[RLIMIT_STACK].soft = 8 << 20;
	limit[RLIMIT_CORE].soft = 0;
	limit[RLIMIT_NOFILE] = (struct rlimit_pair){ 1024, 4096 };
	limit[RLIMIT_NPROC] = (struct rlimit_pair){ TID_MAX / 2, TID_MAX / 2 };
	limit[RLIMIT_NICE] = limit[RLIMIT_RTPRIO] =
		(struct rlimit_pair){ 0, 0 };
}

static struct process *process_new(struct task *leader)
{
	struct process *p = calloc(1, sizeof(*p));

	if (!p) {
		return NULL;
	}
	p->tgid = leader->tid;
	p->leader = leader;
	set_default_limits(p->limit);
	*processes_end = p;
	processes_end = &p->next;
	return p;
}

static void process_free(struct process *p)
{
	struct process **link = &processes;

	timer_cancel(&p->alarm);
	while (*link != p) {
		link = &(*link)->next;
	}
	*link = p->next;
	if (processes_end == &p->next) {
		processes_end = link;
	}
	free(p);
}

struct task *task_new(struct process *process)
{
	struct task *t = calloc(1, sizeof(*t));

	if (!t) {
		return NULL;
	}
	t->tid = find_tid();
	t->stack = t->tid ? stack_new() : 0;
	t->process = !t->stack ? NULL : process ? process : process_new(t);
	if (!t->process) {
		if (t->stack) {
			stack_free(t->stack);
		}
		free(t);
		return NULL;
	}
	t->process->threads++;
	t->frame = (struct trap_frame *)(t->stack + KERNEL_STACK_SIZE) - 1;
	by_tid[t->tid] = t;
	*tasks_end = t;
	tasks_end = &t->next;
	count++;
	return t;
}

void task_become_leader(struct task *t)
{
	struct process *p = t->process;
	struct task *old = p->leader;
	int32_t tid = t->tid;

	t->tid = old->tid;
	old->tid = tid;
	by_tid[t->tid] = t;
	by_tid[tid] = old;
	p->leader = t;
	p->ended_ns += old->run_ns;
	task_free(old);
}

void task_free(struct task *t)
{
	struct task **link = &tasks;

	timer_cancel(&t->timeout);
	while (*link != t) {
		link = &(*link)->next;
	}
	*link = t->next;
	if (tasks_end == &t->next) {
		tasks_end = link;
	}
	by_tid[t->tid] = NULL;
	count--;
	if (t->stack) {
		stack_free(t->stack);
	}
	if (t->process->leader == t) {
		process_free(t->process);
	}
	free(t);
}
