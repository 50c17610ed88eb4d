// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who runs: those that are ready take turns.
 *
 * I1: a task is in the ready queue exactly while it is TASK_READY and not
 *     running.
 * I2: the page tables in use are those of the current task, or, while it
 *     has none, whatever was in use before.
 * What a task that ended leaves behind is freed by the next one to run: a
 * stack cannot be freed while it is stood upon, nor page tables in use.
 * Read wait.c and clock.c next.
 */
#include "guest/gnomon/task.h"

#include <stddef.h>
#include <string.h>

#include "guest/gnomon/frame.h"
#include "guest/gnomon/layout.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/vm.h"

#define FPU_ALIGN 16

struct task *current;

static struct task *ready, **ready_end = &ready;
static uint32_t ready_count;
static bool is_turn_over;
static struct vm_space *active;
static struct task *ended; /* and its stack is not in use any more */
static uint64_t running_since, idle_ns;
static uint8_t fpu_at_reset[512] __attribute__((aligned(FPU_ALIGN)));

void *task_fpu(struct task *t)
{
	return (void *)(((uintptr_t)t->fpu + FPU_ALIGN - 1) & -FPU_ALIGN);
}

void sched_fpu_reset(void)
{
	__asm__ volatile("fxrstor %0" : : "m"(fpu_at_reset));
}

void sched_fpu_save(void)
{
	__asm__ volatile("fxsave (%0)" : : "r"(task_fpu(current)) : "memory");
}

void sched_fpu_load(void)
{
	__asm__ volatile("fxrstor (%0)" : : "r"(task_fpu(current)) : "memory");
}

void sched_init(void)
{
	uint32_t mxcsr = 0x1f80;

	__asm__ volatile("fninit\n\tldmxcsr %1\n\tfxsave %0"
			 : "=m"(fpu_at_reset)
			 : "m"(mxcsr));
}

uint32_t sched_ready_count(void)
{
	return ready_count + (current->state == TASK_READY);
}

uint64_t sched_idle_ns(void)
{
	return idle_ns;
}

void sched_ready(struct task *t)
{
	t->state = TASK_READY;
	t->run_next = NULL;
	*ready_end = t;
	ready_end = &t->run_next;
	ready_count++;
	trap_work = 1; /* the running task's turn must end some time */
}

static void account(void)
{
	uint64_t now = platform->now();

	current->run_ns += now - running_since;
	running_since = now;
}

static struct task *next_task(void)
{
	struct task *t;

	while (!ready) {
		clock_begin_slice(false);
		platform->idle();
		idle_ns += platform->now() - running_since;
		running_since = platform->now();
	}
	t = ready;
	ready = t->run_next;
	if (!ready) {
		ready_end = &ready;
	}
	ready_count--;
	return t;
}

/* Frees what the task that ended last left behind. */
static void bury(void)
{
	struct task *t = ended;

	if (!t) {
		return;
	}
	ended = NULL;
	frame_free_order(t->stack, KERNEL_STACK_ORDER);
	t->stack = 0;
	vm_put(t->vm);
	t->vm = NULL;
	if (t != t->process->leader) {
		task_free(t);
	}
}

static void switch_to(struct task *next)
{
	struct task *prev = current;

	bury();
	if (prev->state == TASK_ZOMBIE) {
		ended = prev;
	} else {
		sched_fpu_save();
	}
	current = next;
	sched_fpu_load();
	is_turn_over = false;
	clock_begin_slice(ready);
	platform->set_kernel_stack((uint32_t)(next->frame + 1));
	platform->load_tls(next->tls);
	if (next->vm && next->vm != active) {
		active = next->vm;
		mmu_activate(&active->mmu);
	}
	/* Before the kernel touches memory of the task, not only the task. */
	mmu_commit();
	context_switch(&prev->saved_esp, next->saved_esp);
}

void sched_leave(void)
{
	struct task *next;

	account();
	next = next_task();
	if (next != current) {
		switch_to(next);
	}
}

void sched_yield(void)
{
	if (ready) {
		sched_ready(current);
		sched_leave();
	}
}

void sched_check(void)
{
	bury();
	if (is_turn_over) {
		is_turn_over = false;
		sched_yield();
	} else if (ready && !clock_has_slice()) {
		clock_begin_slice(true);
	}
}

void sched_slice_over(void)
{
	is_turn_over = true;
	trap_work = 1;
}

void sched_vm_changed(void)
{
	active = current->vm;
	mmu_activate(&active->mmu);
	mmu_commit();
}
