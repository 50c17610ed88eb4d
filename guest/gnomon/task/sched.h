/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who runs.
 */
#pragma once

#include <stdint.h>

struct process;
struct task;

void sched_init(void);
/* A new one: it leaves by its frame, with the FPU, FS and GS of now. */
void sched_start(struct task *t);
void sched_ready(struct task *t);
/* Give up the processor; returns when the task runs again. */
void sched_yield(void);
/* The current task is not TASK_READY any more: run others. */
void sched_leave(void);
/* On the way to ring 3: run another task if the time slice is over. */
void sched_check(void);
uint32_t sched_ready_count(void);
uint64_t sched_idle_ns(void);
/* @vm of the current task is another one now. */
void sched_vm_changed(void);
/* The state of the FPU to an FXSAVE area, and back. */
void sched_fpu_save(void *area);
void sched_fpu_load(const void *area);
/* As after a reset; for exec() and signal handlers. */
void sched_fpu_reset(void);
/* Processor time that @t used, up to now; that of all threads of @p. */
uint64_t task_run_ns(const struct task *t);
uint64_t process_run_ns(const struct process *p);
