// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /proc: what concerns one process.
 */
#include <string.h>

#include "guest/gnomon/dev.h"
#include "guest/gnomon/file.h"
#include "guest/gnomon/frame.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/proc.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/tty.h"
#include "guest/gnomon/vm.h"

#define PRIORITY      20 /* of everybody */
#define RSS_UNLIMITED 0xffffffffu
#define CMDLINE_MAX   4096
#define MAPS_NAME_AT  49 /* column of an area's name */

static char state(const struct process *p)
{
	struct task *t = NULL;
	char state = 'Z';

	if (p->is_zombie) {
		return state;
	}
	while ((t = process_thread(p, t))) {
		if (t->state == TASK_READY) {
			return 'R';
		}
		state = t->state == TASK_STOPPED    ? 'T'
			: t->state == TASK_SLEEPING ? 'S'
						    : state;
	}
	return state;
}

static const char *name_of(const struct process *p)
{
	return p->leader ? p->leader->name : "?";
}

static int32_t parent_of(const struct process *p)
{
	return p->parent ? p->parent->tgid : 0;
}

static uint64_t ignored_or_caught(const struct process *p, bool caught)
{
	uint64_t set = 0;

	for (uint32_t n = 0; n < SIGNALS; n++) {
		uint32_t handler = p->action[n + 1].handler;

		if (caught ? handler > 1 : handler == 1) {
			set |= 1ull << n;
		}
	}
	return set;
}

/* The order of fields is all that programs know about this file. */
static void make_stat(struct text *t, struct process *p)
{
	struct task *task = proc_task(p);
	const struct vm_space *vm = task ? task->vm : NULL;
	bool has_tty = p->session && p->session == tty_session();

	text_add(t, "%ld (%s) %c %ld %ld %ld ", (long)p->tgid, name_of(p),
		 state(p), (long)parent_of(p), (long)p->pgrp, (long)p->session);
	text_add(t, "%lu %ld 0 0 0 0 0 ",
		 has_tty ? (unsigned long)DEVICE_SERIAL : 0,
		 has_tty ? (long)tty_group() : -1l);
	text_add(t, "%lu 0 %lu 0 %d 0 %lu 0 ",
		 (unsigned long)proc_ticks(process_run_ns(p)),
		 (unsigned long)proc_ticks(p->children_ns), PRIORITY,
		 (unsigned long)p->threads);
	text_add(t, "%lu %lu %lu %lu ",
		 p->leader ? (unsigned long)proc_ticks(p->leader->started_ns)
			   : 0,
		 vm ? (unsigned long)vm->area_pages * PAGE_SIZE : 0,
		 vm ? (unsigned long)vm->pages : 0,
		 (unsigned long)RSS_UNLIMITED);
	/* Code, stack, registers, signals and the rest: nobody may see. */
	text_add(t, "0 0 %lu 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0\n",
		 vm ? (unsigned long)vm->stack_top : 0);
}

static void make_statm(struct text *t, struct process *p)
{
	struct task *task = proc_task(p);
	uint32_t size = task ? task->vm->area_pages : 0;
	uint32_t resident = task ? task->vm->pages : 0;

	text_add(t, "%lu %lu 0 0 0 %lu 0\n", (unsigned long)size,
		 (unsigned long)resident, (unsigned long)size);
}

static void add_set(struct text *t, const char *name, uint64_t set)
{
	text_add(t, "%s:\t%08lx%08lx\n", name, (unsigned long)(set >> 32),
		 (unsigned long)(uint32_t)set);
}

static void make_status(struct text *t, struct process *p)
{
	static const struct {
		char letter;
		const char *word;
	} states[] = { { 'R', "running" },
		       { 'S', "sleeping" },
		       { 'T', "stopped" },
		       { 'Z', "zombie" } };
	struct task *task = proc_task(p);
	char letter = state(p);
	uint32_t k = 0;

	while (k < 3 && states[k].letter != letter) {
		k++;
	}
	text_add(t, "Name:\t%s\nState:\t%c (%s)\n", name_of(p), letter,
		 states[k].word);
	text_add(t, "Tgid:\t%ld\nPid:\t%ld\nPPid:\t%ld\nTracerPid:\t0\n",
		 (long)p->tgid, (long)p->tgid, (long)parent_of(p));
	text_add(t, "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
	if (task) {
		text_add(t, "FDSize:\t%lu\nVmSize:\t%8lu kB\nVmRSS:\t%8lu kB\n",
			 (unsigned long)fd_table_size(task->fds),
			 (unsigned long)task->vm->area_pages *
				 (PAGE_SIZE / 1024),
			 (unsigned long)task->vm->pages * (PAGE_SIZE / 1024));
	}
	text_add(t, "Threads:\t%lu\n", (unsigned long)p->threads);
	add_set(t, "SigPnd", task ? task->pending.set : 0);
	add_set(t, "ShdPnd", p->pending.set);
	add_set(t, "SigBlk", task ? task->blocked : 0);
	add_set(t, "SigIgn", ignored_or_caught(p, false));
	add_set(t, "SigCgt", ignored_or_caught(p, true));
}

/* Bytes [@at, @end) of another space, as far as they are there. */
static void add_memory(struct text *t, struct vm_space *vm, uint32_t at,
		       uint32_t end)
{
	while (at < end) {
		uint32_t n = frame_part(at, end - at);
		const void *entry = mmu_pte(&vm->mmu, at);
		uint64_t pte = entry ? mmu_read(entry) : 0;

		if (!(pte & PTE_P)) {
			return;
		}
		text_add_bytes(t,
			       (const char *)frame_at(mmu_frame(pte)) +
				       (at & PAGE_MASK),
			       n);
		at += n;
	}
}

/* As the program has it now: some write their state there. */
static void make_cmdline(struct text *t, struct process *p)
{
	struct task *task = proc_task(p);
	uint32_t at, end;

	if (!task) {
		return;
	}
	at = task->vm->arg_start;
	end = task->vm->arg_end;
	add_memory(t, task->vm, at,
		   end - at < CMDLINE_MAX ? end : at + CMDLINE_MAX);
}

static void make_environ(struct text *t, struct process *p)
{
	struct task *task = proc_task(p);

	if (task) {
		add_memory(t, task->vm, task->vm->arg_end, task->vm->env_end);
	}
}

static void make_comm(struct text *t, struct process *p)
{
	text_add(t, "%s\n", name_of(p));
}

/* The name of area @a at its column, in a line that has @used already. */
static void add_area_name(struct text *t, const struct vm_area *a,
			  uint32_t start_of_line)
{
	static char path[PATH_MAX];
	const char *name = a->flags & VM_HEAP	 ? "[heap]"
			   : a->flags & VM_STACK ? "[stack]"
						 : "";

	if (a->inode && path_of(a->inode, path, sizeof(path)) > 0) {
		name = path;
	}
	while (*name && t->used - start_of_line < MAPS_NAME_AT) {
		text_add(t, " ");
	}
	text_add(t, "%s\n", name);
}

/* Programs find the name by its column or by the slash: both hold. */
static void make_maps(struct text *t, struct process *p)
{
	struct task *task = proc_task(p);
	const struct vm_area *a = task ? task->vm->areas : NULL;

	for (; a; a = a->next) {
		uint32_t start_of_line = t->used;

		text_add(t, "%08lx-%08lx %c%c%c%c %08lx 00:%02lx %lu",
			 (unsigned long)a->start, (unsigned long)a->end,
			 a->flags & VM_READ ? 'r' : '-',
			 a->flags & VM_WRITE ? 'w' : '-',
			 a->flags & VM_EXEC ? 'x' : '-',
			 a->flags & VM_SHARED ? 's' : 'p',
			 a->inode ? (unsigned long)a->page * PAGE_SIZE : 0,
			 a->inode ? (unsigned long)a->inode->dev : 0,
			 a->inode ? (unsigned long)a->inode->ino : 0);
		add_area_name(t, a, start_of_line);
		if (t->has_failed) {
			return;
		}
	}
}

const struct proc_text proc_process[PROC_PROCESS_TEXTS] = {
	{ "cmdline", make_cmdline },   { "comm", make_comm },
	{ "environ", make_environ },   { "maps", make_maps },
	{ "mounts", proc_add_mounts }, { "stat", make_stat },
	{ "statm", make_statm },       { "status", make_status },
};
