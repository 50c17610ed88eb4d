// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The scheduler: round robin among the tasks that are ready.
 *
 * I1: a task is in the ready queue exactly while it is TASK_READY and not
 *     running.
 * I2: the page tables in use are those of the current task, or, while it
 *     has none, whatever was in use before.
 * What a task that ended leaves behind is freed by the next one to run: a
 * stack cannot be freed while it is stood upon, nor page tables in use.
 * Read wait.c and clock.c next.
 */
#include "guest/gnomon/task/sched.h"

#include <string.h>

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/arch/trap.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/task.h"
#include "guest/gnomon/vm/vm.h"

#define FPU_ALIGN 16
#define SLICE_NS  10000000u

/* Who waits for the processor: first come, first served. */
static struct task *ready, **ready_end = &ready;
static struct timer slice; /* of the running task, if others are ready */
static bool need_resched;
static struct vm_space *active;
static struct task *ended; /* not reaped yet */
static uint64_t running_since, idle_ns;
/*
 * All exceptions masked, FCW 0x037f, MXCSR 0x1f80; without SSE nobody reads
 * the second. SDM 1 10.5.1 "FXSAVE Area".
 */
static const uint8_t fpu_at_reset[512] __attribute__((aligned(FPU_ALIGN))) = {
	0x7f, 0x03, [24] = 0x80, [25] = 0x1f
};

/* The FXSAVE area of @t. */
static void *fpu_of(const struct task *t)
{
	return (void *)(((uintptr_t)t->fpu + FPU_ALIGN - 1) &
			~(uintptr_t)(FPU_ALIGN - 1));
}

void sched_fpu_save(void *area)
{
	__asm__ volatile("fxsave (%0)" : : "r"(area) : "memory");
}

void sched_fpu_load(const void *area)
{
	__asm__ volatile("fxrstor (%0)" : : "r"(area) : "memory");
}

void sched_fpu_reset(void)
{
	sched_fpu_load(fpu_at_reset);
}

void sched_init(void)
{
	sched_fpu_reset();
	clock_init();
}

uint32_t sched_ready_count(void)
{
	uint32_t n = current->state == TASK_READY;

	for (const struct task *t = ready; t; t = t->queue_next) {
		n++;
	}
	return n;
}

uint64_t sched_idle_ns(void)
{
	return idle_ns;
}

void sched_ready(struct task *t)
{
	t->state = TASK_READY;
	t->queue_next = NULL;
	*ready_end = t;
	ready_end = &t->queue_next;
	trap_work = 1; /* the running task's time slice must end */
}

uint64_t task_run_ns(const struct task *t)
{
	return t->run_ns + (t == current ? platform_now() - running_since : 0);
}

uint64_t process_run_ns(const struct process *p)
{
	uint64_t ns = p->ended_ns;

	for (const struct task *t = p->leader; t && t->process == p;
	     t = t->next) {
		ns += task_run_ns(t);
	}
	return ns;
}

/* Since the time before. */
static uint64_t lap(void)
{
	uint64_t since = running_since;

	running_since = platform_now();
	return running_since - since;
}

static struct task *next_task(void)
{
	struct task *t;

	while (!ready) {
		timer_cancel(&slice);
		platform_idle();
		idle_ns += lap();
	}
	t = ready;
	ready = t->queue_next;
	if (!ready) {
		ready_end = &ready;
	}
	return t;
}

static void end_slice(struct timer *unused)
{
	(void)unused;
	need_resched = true;
}

/* While no other task is ready there is no time slice, and no interrupt. */
static void begin_slice(void)
{
	need_resched = false;
	if (ready) {
		timer_set(&slice, platform_now() + SLICE_NS, end_slice);
	} else {
		timer_cancel(&slice);
	}
}

static void save_processor(struct task *t)
{
	sched_fpu_save(fpu_of(t));
	__asm__ volatile("mov %%fs, %0" : "=r"(t->user_fs));
	__asm__ volatile("mov %%gs, %0" : "=r"(t->user_gs));
}

/* What @t may load: its descriptor can have gone since it did. */
static uint32_t loadable(const struct task *t, uint32_t selector)
{
	uint32_t index = (selector >> 3) - GDT_TLS;
	bool is_good =
		selector == SEL_USER_CODE || selector == SEL_USER_DATA ||
		((selector & 7) == 3 && index < TLS_ENTRIES && t->tls[index]);

	return is_good ? selector : 0;
}

/* Its descriptors are in the GDT. */
static void load_processor(const struct task *t)
{
	sched_fpu_load(fpu_of(t));
	__asm__ volatile("mov %0, %%fs" : : "r"(loadable(t, t->user_fs)));
	__asm__ volatile("mov %0, %%gs" : : "r"(loadable(t, t->user_gs)));
}

/* The task that ended last: a thread leaves nothing, a leader a zombie. */
static void reap(void)
{
	struct task *t = ended;
	struct process *p = t ? t->process : NULL;

	ended = NULL;
	if (p && t != p->leader) {
		task_free(t);
	}
	if (p && p->is_zombie && !p->parent) {
		task_free(p->leader);
	}
}

static void switch_to(struct task *next)
{
	struct task *prev = current;

	if (prev->state == TASK_ZOMBIE) {
		ended = prev;
	} else {
		save_processor(prev);
	}
	current = next;
	begin_slice();
	platform_set_stack((uint32_t)(next->frame + 1));
	platform_load_tls(next->tls);
	if (next->vm && next->vm != active) {
		active = next->vm;
		mmu_activate(&active->mmu);
	}
	if (ended) {
		/* What is told of its tables goes along with the rest. */
		vm_put(ended->vm);
		ended->vm = NULL;
	}
	/* Before the kernel touches memory of the task, not only the task. */
	mmu_commit();
	load_processor(next);
	context_switch(&prev->saved_esp, next->saved_esp);
	reap();
}

void sched_leave(void)
{
	struct task *next;

	current->run_ns += lap();
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
	/* The first steps of a new task. */
	reap();
	if (current->set_tid.at) {
		write_user_u32(current->set_tid, (uint32_t)current->tid);
		current->set_tid.at = 0;
	}
	if (need_resched) {
		need_resched = false;
		sched_yield();
	} else if (ready && !slice.is_set) {
		begin_slice();
	}
}

void sched_vm_changed(void)
{
	active = current->vm;
	mmu_activate(&active->mmu);
	mmu_commit();
}

void sched_start(struct task *t)
{
	/* As context_switch() leaves it: four registers, then a call. */
	uint32_t *stack = (uint32_t *)t->frame - 7;

	memset(stack, 0, 7 * sizeof(*stack));
	stack[4] = (uint32_t)trap_return;
	stack[6] = (uint32_t)t->frame;
	t->saved_esp = (uint32_t)stack;
	save_processor(t);
	sched_ready(t);
}
