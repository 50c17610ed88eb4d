// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How tasks begin, but for the first (init.c): as copies of the current one,
 * sharing what they are told to share.
 */
#include <string.h>

#include "guest/gnomon/fs/fd.h"
#include "guest/gnomon/fs/inode.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/linux/sched.h"
#include "guest/gnomon/process/process.h"
#include "guest/gnomon/task/sched.h"
#include "guest/gnomon/task/task.h"
#include "guest/gnomon/task/wait.h"
#include "guest/gnomon/vm/vm.h"
#include "guest/lib/trap.h"

/* The arguments of clone(), in order. */
struct fork_request {
	uint32_t flags; /* CLONE_*; the low byte is the exit signal */
	uint32_t stack; /* 0: the parent's */
	struct user_ptr parent_tid, tls, child_tid;
};

/* What @t does not share, and what its process has of its own, if it is new. */
static void set_up(struct task *t, const struct fork_request *r)
{
	struct process *p = t->process, *parent = current->process;
	uint32_t flags = r->flags;

	*t->frame = *current->frame;
	t->frame->eax = 0;
	if (r->stack) {
		t->frame->esp = r->stack;
	}
	memcpy(t->tls, current->tls, sizeof(t->tls));
	memcpy(t->name, current->name, sizeof(t->name));
	t->blocked = t->blocked_after = current->blocked;
	if (!(flags & CLONE_VM) || (flags & CLONE_VFORK)) {
		t->altstack = current->altstack;
	}
	t->clear_tid =
		flags & CLONE_CHILD_CLEARTID ? r->child_tid : user_ptr(0);
	t->set_tid = flags & CLONE_CHILD_SETTID ? r->child_tid : user_ptr(0);
	if (p == parent) {
		return;
	}
	p->parent = flags & CLONE_PARENT ? parent->parent : parent;
	p->pgrp = parent->pgrp;
	p->session = parent->session;
	p->exit_signal = flags & CSIGNAL;
	memcpy(p->limit, parent->limit, sizeof(p->limit));
	/*
	 * CLONE_SIGHAND and CLONE_FS between processes give copies; nobody
	 * needs more.
	 */
	p->cwd = inode_get(parent->cwd);
	p->umask = parent->umask;
	memcpy(p->action, parent->action, sizeof(p->action));
}

static int share_or_copy(struct task *t, uint32_t flags)
{
	if (flags & CLONE_VM) {
		t->vm = current->vm;
		t->vm->refs++;
	} else {
		t->vm = vm_fork(current->vm);
	}
	t->fds = flags & CLONE_FILES ? fd_table_get(current->fds)
				     : fd_table_copy(current->fds);
	return t->vm && t->fds ? 0 : -ENOMEM;
}

/* Undo what was done for @t, which never ran. */
static void give_up(struct task *t)
{
	vm_put(t->vm);
	fd_table_put(t->fds);
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

void fork_release_parent(void)
{
	if (current->vfork_parent) {
		wait_wake(current->vfork_parent);
		current->vfork_parent = NULL;
	}
}

/* tid of the child, or -E*. */
static long fork_task(const struct fork_request *r)
{
	struct wait_queue until_released = { NULL };
	bool waits = r->flags & CLONE_VFORK;
	struct task *t;
	int32_t tid;
	int error;

	if (!is_sensible(r->flags)) {
		return -EINVAL;
	}
	if (task_count() >= current->process->limit[RLIMIT_NPROC].soft) {
		return -EAGAIN;
	}
	t = task_new(r->flags & CLONE_THREAD ? current->process : NULL);
	if (!t) {
		return -EAGAIN;
	}
	tid = t->tid;
	set_up(t, r);
	error = share_or_copy(t, r->flags);
	if (!error && (r->flags & CLONE_SETTLS)) {
		error = task_set_tls(t, r->tls);
	}
	if (!error && (r->flags & CLONE_PARENT_SETTID)) {
		error = write_user_u32(r->parent_tid, (uint32_t)tid);
	}
	if (error) {
		give_up(t);
		return error;
	}
	t->vfork_parent = waits ? &until_released : NULL;
	sched_start(t);
	if (waits) {
		wait_uninterruptible(&until_released);
	}
	return tid;
}

SYSCALL(fork, fork_task(&(struct fork_request){ .flags = SIGCHLD }))
SYSCALL(vfork, fork_task(&(struct fork_request){
		       .flags = CLONE_VM | CLONE_VFORK | SIGCHLD }))
SYSCALL(clone, fork_task((const struct fork_request *)arg))
