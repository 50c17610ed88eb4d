// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is in /proc, and what it says: for ps, top, free, mount and uptime, for
 * who asks about himself or the machine, and for tests.
 */
#include <inttypes.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/dev/dev.h"
#include "guest/gnomon/dev/tty.h"
#include "guest/gnomon/fs/fd.h"
#include "guest/gnomon/fs/path.h"
#include "guest/gnomon/fs/ramfs.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/linux/system.h"
#include "guest/gnomon/mm/frame.h"
#include "guest/gnomon/procfs/proc.h"
#include "guest/gnomon/task/sched.h"
#include "guest/gnomon/task/user_time.h"
#include "guest/gnomon/vm/vm.h"
#include "guest/lib/div.h"

#define KIB_PER_FRAME (PAGE_SIZE / 1024)
#define PRIORITY      20 /* of everybody */

static void __attribute__((format(printf, 2, 3)))
add(struct text *t, const char *fmt, ...)
{
	uint32_t room = TEXT_MAX - t->used;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(t->bytes + t->used, room, fmt, args);
	va_end(args);
	t->used += (uint32_t)n < room ? (uint32_t)n : room - 1;
}

static void add_number(struct text *t, const char *name, uint32_t value)
{
	add(t, "%s %" PRIu32 "\n", name, value);
}

static void add_kib(struct text *t, const char *name, uint32_t frames)
{
	add(t, "%-16s%8" PRIu32 " kB\n", name, frames * KIB_PER_FRAME);
}

/* --- of the system --- */

static void uptime(struct text *t, const struct process *p)
{
	uint32_t up = user_ticks(platform_now()),
		 idle = user_ticks(sched_idle_ns());

	(void)p;
	add(t, "%" PRIu32 ".%02" PRIu32 " %" PRIu32 ".%02" PRIu32 "\n",
	    up / CLOCK_TICKS_PER_SEC, up % CLOCK_TICKS_PER_SEC,
	    idle / CLOCK_TICKS_PER_SEC, idle % CLOCK_TICKS_PER_SEC);
}

/* Files are the only cache there is, and cannot be dropped: they are no
 * available memory. */
static void meminfo(struct text *t, const struct process *p)
{
	(void)p;
	add_kib(t, "MemTotal:", frame_count_all());
	add_kib(t, "MemFree:", frame_count_free());
	add_kib(t, "MemAvailable:", frame_count_free());
	add_kib(t, "Buffers:", 0);
	add_kib(t, "Cached:", ramfs_frames());
	add_kib(t, "SwapTotal:", 0);
	add_kib(t, "SwapFree:", 0);
	add_kib(t, "Shmem:", ramfs_frames());
}

/* Time that is not idle is a program's, for the kernel keeps no books. */
static void system_stat(struct text *t, const struct process *p)
{
	uint64_t now = platform_now();
	uint32_t idle = user_ticks(sched_idle_ns()),
		 busy = user_ticks(now) - idle;

	(void)p;
	for (uint32_t k = 0; k < 2; k++) { /* all processors, and the one */
		add(t, "%s %" PRIu32 " 0 0 %" PRIu32 " 0 0 0 0 0 0\n",
		    k ? "cpu0" : "cpu ", busy, idle);
	}
	add_number(t, "btime",
		   (uint32_t)div64(platform_wall() - now, NS_PER_SEC, NULL));
	add_number(t, "processes", task_count());
	add_number(t, "procs_running", sched_ready_count());
}

/* LIMIT: averages of the load are not kept. */
static void loadavg(struct text *t, const struct process *p)
{
	(void)p;
	add(t, "0.00 0.00 0.00 %" PRIu32 "/%" PRIu32 " %ld\n",
	    sched_ready_count(), task_count(), (long)current->tid);
}

static void mounted(struct text *t, const struct process *p)
{
	static char path[PATH_MAX];

	(void)p;
	add(t, "ramfs / ramfs rw 0 0\n");
	for (const struct mount *m = mounts; m; m = m->next) {
		if (path_of(m->root, path, sizeof(path)) > 0) {
			add(t, "%s %s %s rw 0 0\n", m->type, path, m->type);
		}
	}
}

static void version(struct text *t, const struct process *p)
{
	(void)p;
	add(t, "Linux version " LINUX_RELEASE " (gnomon) " LINUX_VERSION "\n");
}

static void filesystems(struct text *t, const struct process *p)
{
	(void)p;
	add(t, "nodev\tramfs\nnodev\tproc\nnodev\ttmpfs\nnodev\tdevtmpfs\n");
}

/* CPUID with @leaf: EBX, EDX, ECX, the order of the letters of leaf 0. */
static void cpuid(uint32_t leaf, uint32_t out[3])
{
	__asm__ volatile("cpuid"
			 : "+a"(leaf), "=b"(out[0]), "=d"(out[1]), "=c"(out[2])
			 : "c"(0));
}

static void cpuinfo(struct text *t, const struct process *p)
{
	uint32_t vendor[3];

	(void)p;
	cpuid(0, vendor);
	add(t, "processor\t: 0\nvendor_id\t: %.12s\n", (char *)vendor);
	add(t, "cpu MHz\t\t: %" PRIu32 "\n", lguest_data.tsc_khz / 1000);
}

/* What must be the same before and after something that leaks nothing. */
static void gnomon(struct text *t, const struct process *p)
{
	uint32_t processes = 0;

	for (p = NULL; (p = process_next(p));) {
		processes++;
	}
	add_number(t, "frames.all", frame_count_all());
	add_number(t, "frames.free", frame_count_free());
	add_number(t, "frames.files", ramfs_frames());
	add_number(t, "frames.heap",
		   ((uint32_t)mallinfo().arena + PAGE_MASK) / PAGE_SIZE);
	add_number(t, "heap.used", (uint32_t)mallinfo().uordblks);
	add_number(t, "processes", processes);
	add_number(t, "tasks", task_count());
	add_number(t, "files", file_count);
	add_number(t, "inodes", inode_count);
	if (platform->exits) {
		add_number(t, "exits", platform->exits());
	}
}

/* --- of a process --- */

struct task *proc_task(const struct process *p)
{
	struct task *t = NULL;

	while (p && (t = process_thread(p, t)) && !(t->vm && t->fds)) {
	}
	return t;
}

/* The most alive of its threads says it. */
static char state_of(const struct process *p)
{
	enum task_state state = TASK_ZOMBIE;

	for (struct task *t = NULL; (t = process_thread(p, t));) {
		state = t->state < state ? t->state : state;
	}
	return p->is_stopped ? 'T' : "RSZ"[state];
}

/* As the program has it now, for some write their state there; as far as its
 * pages are there. */
static void cmdline(struct text *t, const struct process *p)
{
	const struct task *task = proc_task(p);
	uint32_t at = task ? task->vm->arg_start : 0;
	uint32_t end = task ? task->vm->arg_end : 0;

	while (at < end && t->used < TEXT_MAX / 2) {
		uint32_t n = frame_part(at, end - at);
		const void *entry = mmu_pte(&task->vm->mmu, at);
		uint64_t pte = entry ? paging_read(entry) : 0;

		if (!(pte & PTE_P)) {
			return;
		}
		memcpy(t->bytes + t->used,
		       (uint8_t *)frame_at(mmu_frame(pte)) + (at & PAGE_MASK),
		       n);
		t->used += n;
		at += n;
	}
}

static void maps(struct text *t, const struct process *p)
{
	static char path[PATH_MAX];
	const struct task *task = proc_task(p);

	for (const struct vm_area *a = task ? task->vm->areas : NULL; a;
	     a = a->next) {
		uint32_t f = a->flags;
		struct inode *i = a->inode;

		strcpy(path, f & VM_GROWSDOWN ? "[stack]" : "");
		if (i && path_of(i, path, sizeof(path)) < 0) {
			path[0] = '\0';
		}
		add(t,
		    "%08" PRIx32 "-%08" PRIx32 " %c%c%c%c %08" PRIx32
		    " 00:%02" PRIx32 " %" PRIu32 "%*s%s\n",
		    a->start, a->end, f & VM_READ ? 'r' : '-',
		    f & VM_WRITE ? 'w' : '-', f & VM_EXEC ? 'x' : '-',
		    f & VM_SHARED ? 's' : 'p', a->page << PAGE_SHIFT,
		    i ? i->dev : 0, i ? i->ino : 0, *path ? 1 : 0, "", path);
	}
}

/* The order of fields is all that programs know about this file. Code, stack,
 * registers, signals and the rest: nobody may see. */
static void stat(struct text *t, const struct process *p)
{
	const struct task *task = proc_task(p);
	bool has_tty = p->session && p->session == tty.session;
	const uint32_t field[] = {
		[14] = user_ticks(process_run_ns(p)),
		[16] = user_ticks(p->children_ns),
		[18] = PRIORITY,
		[20] = p->threads,
		[22] = user_ticks(p->leader->started_ns),
		[23] = task ? task->vm->area_pages * PAGE_SIZE : 0,
		[24] = task ? task->vm->pages : 0,
		[25] = UINT32_MAX, /* no limit */
		[28] = task ? task->vm->stack_top : 0,
		[52] = 0,
	};

	add(t, "%ld (%s) %c %ld %ld %ld %lu %ld", (long)p->tgid,
	    p->leader->name, state_of(p), p->parent ? (long)p->parent->tgid : 0,
	    (long)p->pgrp, (long)p->session,
	    has_tty ? (unsigned long)DEVICE_SERIAL : 0,
	    has_tty ? (long)tty.group : -1);
	for (uint32_t k = 9; k < sizeof(field) / sizeof(field[0]); k++) {
		add(t, " %" PRIu32, field[k]);
	}
	add(t, "\n");
}

static struct inode *exe(const struct task *t, int32_t number)
{
	(void)number;
	return t->vm->exe;
}

static struct inode *open_file(const struct task *t, int32_t fd)
{
	const struct file *f = fd_table_file(t->fds, (uint32_t)fd);

	return f ? f->inode : NULL;
}

/* --- the tree --- */

static int32_t next_process(int32_t pid, int32_t from)
{
	int32_t best = -1;

	(void)pid;
	for (struct process *p = NULL; (p = process_next(p));) {
		if (p->tgid >= from && (best < 0 || p->tgid < best)) {
			best = p->tgid;
		}
	}
	return best;
}

static int32_t next_file(int32_t pid, int32_t from)
{
	const struct task *t = proc_task(process_find(pid));
	uint32_t fd = (uint32_t)from;

	for (; t && fd < fd_table_size(t->fds); fd++) {
		if (fd_table_file(t->fds, fd)) {
			return (int32_t)fd;
		}
	}
	return -1;
}

static const struct proc_entry in_fd[] = {
	{ "%d", .target = open_file, .next = next_file },
	{ .name = NULL },
};

static const struct proc_entry in_process[] = {
	{ "cmdline", .text = cmdline }, { "exe", .target = exe },
	{ "fd", .entries = in_fd },	{ "maps", .text = maps },
	{ "mounts", .text = mounted },	{ "stat", .text = stat },
	{ .name = NULL },
};

static const struct proc_entry in_top[] = {
	{ "cpuinfo", .text = cpuinfo },
	{ "filesystems", .text = filesystems },
	{ "gnomon", .text = gnomon },
	{ "loadavg", .text = loadavg },
	{ "meminfo", .text = meminfo },
	{ "mounts", .text = mounted },
	{ "self", .text = NULL },
	{ "stat", .text = system_stat },
	{ "uptime", .text = uptime },
	{ "version", .text = version },
	{ "%d", .entries = in_process, .next = next_process },
	{ .name = NULL },
};

const struct proc_entry proc_top = { "/", .entries = in_top };
