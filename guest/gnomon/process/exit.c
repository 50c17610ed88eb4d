// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How tasks end, and how parents learn of it.
 *
 * A thread that ended is gone; a process is a zombie, without memory or
 * files, until its parent asked for its status. If the parent said that it
 * will not, it goes at once.
 */
#include <stdio.h>

#include "guest/gnomon/arch/platform.h"
#include "guest/gnomon/dev/tty.h"
#include "guest/gnomon/fs/fd.h"
#include "guest/gnomon/lib/syscall.h"
#include "guest/gnomon/linux/sched.h"
#include "guest/gnomon/process/process.h"
#include "guest/gnomon/task/futex.h"
#include "guest/gnomon/task/sched.h"
#include "guest/gnomon/task/signal.h"
#include "guest/gnomon/task/user_time.h"
#include "guest/gnomon/task/wait.h"
#include "guest/gnomon/vm/vm.h"

/* --- telling --- */

/* One whose parent does not want to know has none from then on. */
static void tell_of_end(struct process *p)
{
	const struct signal_action *a = &p->parent->action[SIGCHLD];

	signal_tell_parent(p, p->exit_status);
	if (p->exit_signal == SIGCHLD &&
	    (a->handler == SIG_IGN || (a->flags & SA_NOCLDWAIT))) {
		p->parent = NULL;
	}
}

/* --- ending --- */

/* Children go to the first process, which waits for whatever comes. */
static void leave_children(struct process *p)
{
	struct process *c;

	while ((c = process_child(p, NULL))) {
		c->parent = process_find(1);
		c->exit_signal = SIGCHLD;
		if (c->is_stopped && process_is_orphaned(c)) {
			/* Nobody is left to continue it. */
			signal_send_group(c->pgrp, SIGHUP);
			signal_send_group(c->pgrp, SIGCONT);
		}
		if (c->is_zombie) {
			tell_of_end(c);
		}
		if (!c->parent) {
			task_free(c->leader);
		}
	}
}

/* The first process is what the machine was for. */
static void end_machine(uint32_t status)
{
	uint32_t signal = status & STATUS_SIGNAL;
	char text[48];

	snprintf(text, sizeof(text),
		 signal ? "init ended by signal %u"
			: "init ended with status %u",
		 (unsigned)(signal ? signal : status >> 8));
	platform->shutdown(text, SHUTDOWN_POWEROFF);
}

static void end_process(struct process *p)
{
	if (p->tgid == 1) {
		end_machine(p->exit_status);
	}
	timer_cancel(&p->alarm);
	inode_put(p->cwd);
	p->cwd = NULL;
	p->is_stopped = false;
	p->is_zombie = true;
	leave_children(p);
	if (p->session == p->tgid) {
		tty_session_ended(p->session);
	}
	tell_of_end(p);
}

void exit_thread(uint32_t status)
{
	struct task *t = current;
	struct process *p = t->process;

	if (t->clear_tid.at && t->vm->refs > 1 &&
	    !write_user_u32(t->clear_tid, 0)) {
		futex_wake_address(t->clear_tid);
	}
	fork_release_parent();
	fd_table_put(t->fds);
	t->fds = NULL;
	t->state = TASK_ZOMBIE;
	if (!--p->threads) {
		if (!p->is_exiting) {
			p->exit_status = status;
		}
		end_process(p);
	} else {
		wait_wake(&p->child_wait); /* exec() waits to be alone */
	}
	sched_leave();
	__builtin_unreachable();
}

void exit_other_threads(void)
{
	struct process *p = current->process;

	for (struct task *t = NULL; (t = process_thread(p, t));) {
		if (t != current) {
			signal_end_thread(t);
		}
	}
}

void exit_process(uint32_t status)
{
	struct process *p = current->process;

	if (!p->is_exiting) {
		p->is_exiting = true;
		p->exit_status = status;
		exit_other_threads();
	}
	exit_thread(p->exit_status);
}

SYSCALL(exit, (exit_thread((arg[0] & 0xff) << 8), 0))
SYSCALL(exit_group, (exit_process((arg[0] & 0xff) << 8), 0))

/* --- asking --- */

static bool can_be_told(const struct process *c, uint32_t options)
{
	uint32_t wanted =
		c->wait_status == STATUS_CONTINUED ? WCONTINUED : WUNTRACED;

	return c->has_wait_status && (c->is_zombie || (options & wanted));
}

/* Its status goes to user memory, and a zombie is gone then. */
static long tell(struct process *c, struct user_ptr status,
		 struct user_ptr usage)
{
	uint64_t run_ns = process_run_ns(c) + c->children_ns;
	uint32_t wait_status = c->wait_status;
	int32_t tgid = c->tgid;

	c->has_wait_status = false;
	if (c->is_zombie) {
		current->process->children_ns += run_ns;
		task_free(c->leader);
	}
	return (status.at && write_user_u32(status, wait_status)) ||
			       (usage.at && user_rusage_put(usage, run_ns))
		       ? -EFAULT
		       : tgid;
}

/* Whatever signal a child ends with: __WCLONE and __WALL change nothing. */
static long wait4(int32_t pid, struct user_ptr status, uint32_t options,
		  struct user_ptr usage)
{
	struct process *p = current->process;
	int error = 0;

	while (!error) {
		bool has_child = false;

		for (struct process *c = NULL; (c = process_child(p, c));) {
			if (!process_is_meant(c, pid)) {
				continue;
			}
			if (can_be_told(c, options)) {
				return tell(c, status, usage);
			}
			has_child = true;
		}
		if (has_child && (options & WNOHANG)) {
			return 0;
		}
		error = has_child ? wait_on(&p->child_wait, 0) : -ECHILD;
	}
	return error;
}

SYSCALL(wait4,
	wait4((int32_t)arg[0], user_ptr(arg[1]), arg[2], user_ptr(arg[3])))
SYSCALL(waitpid, wait4((int32_t)arg[0], user_ptr(arg[1]), arg[2], user_ptr(0)))
