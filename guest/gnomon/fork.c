// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How tasks begin: as copies of the current one, sharing what they are told
 * to share.
 */
#include "guest/gnomon/task.h"

#include <string.h>

#include "guest/gnomon/file.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/linux/sched.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/task_tls.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/vm.h"

struct fork_request {
	uint32_t flags; /* CLONE_*; the low byte is the exit signal */
	uint32_t stack; /* 0: the parent's */
	uint32_t parent_tid, tls, child_tid;
};

/* Parents in vfork(). */
static struct wait_queue vforks;

static int share_or_copy(struct task *t, uint32_t flags)
{
	if (flags & CLONE_VM) {
		t->vm = current->vm;
		t->vm->refs++;
	} else {
		t->vm = vm_fork(current->vm);
	}
	if (flags & CLONE_FILES) {
		t->fds = current->fds;
		fd_table_get(t->fds);
	} else {
		t->fds = fd_table_copy(current->fds);
	}
	if (flags & CLONE_FS) {
		t->fs = current->fs;
		fs_context_get(t->fs);
	} else {
		t->fs = fs_context_copy(current->fs);
	}
	return t->vm && t->fds && t->fs ? 0 : -ENOMEM;
}

static void set_up_process(struct process *p, uint32_t flags)
{
	struct process *parent = current->process;

	p->parent = flags & CLONE_PARENT ? parent->parent : parent;
	p->pgrp = parent->pgrp;
	p->session = parent->session;
	p->exit_signal = flags & CSIGNAL;
	memcpy(p->limit, parent->limit, sizeof(p->limit));
	/* CLONE_SIGHAND between processes gives a copy; nobody needs more. */
	memcpy(p->action, parent->action, sizeof(p->action));
}

static int set_up_registers(struct task *t, const struct fork_request *r)
{
	*t->frame = *current->frame;
	t->frame->eax = 0;
	if (r->stack) {
		t->frame->esp = r->stack;
	}
	memcpy(t->tls, current->tls, sizeof(t->tls));
	return r->flags & CLONE_SETTLS ? task_set_tls(t, r->tls) : 0;
}

/* Undo what was done for @t, which never ran. */
static void give_up(struct task *t)
{
	if (t->vm) {
		vm_put(t->vm);
	}
	if (t->fds) {
		fd_table_put(t->fds);
	}
	if (t->fs) {
		fs_context_put(t->fs);
	}
	t->process->threads--;
	task_free(t);
}

static bool is_sensible(uint32_t flags)
{
	return !((flags & CLONE_THREAD) && !(flags & CLONE_SIGHAND)) &&
	       !((flags & CLONE_SIGHAND) && !(flags & CLONE_VM)) &&
	       (flags & CSIGNAL) <= SIGNALS &&
	       /* The first process is the parent of all that lose theirs. */
	       !((flags & CLONE_PARENT) && current->process->tgid == 1);
}

static void wait_for_child(struct task *t)
{
	int32_t tid = t->tid;

	t->vfork_parent = current->tid;
	current->vfork_child = tid;
	sched_start(t);
	while (current->vfork_child == tid) {
		wait_on_deaf(&vforks);
	}
}

void fork_release_parent(void)
{
	struct task *parent = task_find(current->vfork_parent);

	if (parent && parent->vfork_child == current->tid) {
		parent->vfork_child = 0;
		wait_wake(&vforks);
	}
	current->vfork_parent = 0;
}

/* tid of the child, or -E*. */
static long fork_task(const struct fork_request *r)
{
	uint32_t flags = r->flags;
	struct task *t;
	int32_t tid;
	int error;

	if (!is_sensible(flags)) {
		return -EINVAL;
	}
	if (task_count() >= current->process->limit[RLIMIT_NPROC].soft) {
		return -EAGAIN;
	}
	t = task_new(flags & CLONE_THREAD ? current->process : NULL);
	if (!t) {
		return -EAGAIN;
	}
	memcpy(t->name, current->name, sizeof(t->name));
	t->blocked = current->blocked;
	if (!(flags & CLONE_VM) || (flags & CLONE_VFORK)) {
		t->altstack = current->altstack;
		t->altstack_size = current->altstack_size;
	}
	error = set_up_registers(t, r);
	if (!error && !(flags & CLONE_THREAD)) {
		set_up_process(t->process, flags);
	}
	if (!error) {
		error = share_or_copy(t, flags);
	}
	if (!error && (flags & CLONE_PARENT_SETTID)) {
		error = write_user_u32(r->parent_tid, (uint32_t)t->tid);
	}
	if (error) {
		give_up(t);
		return error;
	}
	t->clear_tid = flags & CLONE_CHILD_CLEARTID ? r->child_tid : 0;
	t->set_tid = flags & CLONE_CHILD_SETTID ? r->child_tid : 0;
	tid = t->tid;
	if (flags & CLONE_VFORK) {
		wait_for_child(t);
	} else {
		sched_start(t);
	}
	return tid;
}

long sys_fork(const struct syscall_args *a)
{
	(void)a;
	return fork_task(&(struct fork_request){ .flags = SIGCHLD });
}

long sys_vfork(const struct syscall_args *a)
{
	(void)a;
	return fork_task(&(struct fork_request){
		.flags = CLONE_VM | CLONE_VFORK | SIGCHLD });
}

long sys_clone(const struct syscall_args *a)
{
	return fork_task(&(struct fork_request){
		.flags = a->arg[0],
		.stack = a->arg[1],
		.parent_tid = a->arg[2],
		.tls = a->arg[3],
		.child_tid = a->arg[4],
	});
}
