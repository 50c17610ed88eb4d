/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between proc.c, proc_system.c and proc_process.c: texts made on demand.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct process;
struct task;

struct text {
	char *bytes; /* malloc */
	uint32_t used, size;
	bool has_failed; /* no memory: it is not complete */
};

void text_add(struct text *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void text_add_bytes(struct text *t, const char *bytes, uint32_t n);
/* "NAME 123\n" lines of numbers. */
void text_number(struct text *t, const char *name, uint32_t value);

/* @p: whose file it is; NULL: the system's. */
struct proc_text {
	const char *name;
	void (*make)(struct text *t, struct process *p);
};

#define PROC_SYSTEM_TEXTS  10
#define PROC_PROCESS_TEXTS 8

extern const struct proc_text proc_system[PROC_SYSTEM_TEXTS];
extern const struct proc_text proc_process[PROC_PROCESS_TEXTS];

/* A thread that still has its memory and files, or NULL. */
struct task *proc_task(struct process *p);
/* In hundredths of a second, the unit of most files. */
uint32_t proc_ticks(uint64_t ns);

void proc_add_mounts(struct text *t, struct process *p);
