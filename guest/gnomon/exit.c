// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How tasks end, and how parents learn of it.
 *
 * A thread that ended is gone; a process is a zombie, without memory or
 * files, until its parent asked for its status. If the parent said that it
 * will not, it goes at once.
 */
#include "guest/gnomon/task.h"

#include <stddef.h>
#include <stdio.h>

#include "guest/gnomon/file.h"
#include "guest/gnomon/futex.h"
#include "guest/gnomon/inode.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/platform.h"
#include "guest/gnomon/tty.h"
#include "guest/gnomon/uaccess.h"
#include "guest/gnomon/vm.h"

#define WAIT_SIGNAL(status) ((status)&0x7f)
#define WAIT_DUMP	    0x80u

void exit_tell_parent(struct process *p, int32_t code, uint32_t status)
{
	struct process *parent = p->parent;
	struct signal_info info = {
		.code = code,
		.pid = p->tgid,
		.status = (int32_t)status,
	};
	bool has_ended = code != CLD_STOPPED && code != CLD_CONTINUED;
	uint32_t n = has_ended ? p->exit_signal : SIGCHLD;

	if (!parent) {
		return;
	}
	if (n && (has_ended || !(parent->action[n].flags & SA_NOCLDSTOP))) {
		signal_send_process(parent, n, &info);
	}
	wait_wake(&parent->child_wait);
}

static bool is_unwanted(const struct process *p)
{
	const struct signal_action *a;

	if (!p->parent || p->exit_signal != SIGCHLD) {
		return !p->parent;
	}
	a = &p->parent->action[SIGCHLD];
	return a->handler == SIG_IGN || (a->flags & SA_NOCLDWAIT);
}

static void tell_of_end(struct process *p)
{
	uint32_t n = WAIT_SIGNAL(p->exit_status);

	p->is_unwanted = is_unwanted(p);
	if (!n) {
		exit_tell_parent(p, CLD_EXITED, p->exit_status >> 8);
	} else {
		exit_tell_parent(
			p, p->exit_status & WAIT_DUMP ? CLD_DUMPED : CLD_KILLED,
			n);
	}
}

/* A group that nobody is left to continue must not stay stopped. */
static void free_stopped_group(int32_t pgrp, const struct process *leaving)
{
	bool has_stopped = false;

	for (struct process *p = process_first(); p; p = p->next) {
		has_stopped |= p->pgrp == pgrp && p->is_stopped &&
			       p != leaving && !p->is_zombie;
	}
	if (has_stopped && process_group_is_orphaned(pgrp, leaving)) {
		signal_send_group(pgrp, SIGHUP);
		signal_send_group(pgrp, SIGCONT);
	}
}

/* Children go to the first process, which waits for whatever comes. */
static void leave_children(struct process *p)
{
	struct process *init = process_find(1);
	struct process *c;

	while ((c = process_child(p, NULL))) {
		if (c->pgrp != p->pgrp && c->session == p->session) {
			free_stopped_group(c->pgrp, p);
		}
		c->parent = init;
		c->exit_signal = SIGCHLD;
		if (c->is_zombie) {
			tell_of_end(c);
		}
		if (c->is_unwanted) {
			task_free(c->leader);
		}
	}
}

static void end_machine(const struct process *init) __attribute__((noreturn));
static void end_machine(const struct process *init)
{
	char text[48];

	snprintf(text, sizeof(text), "init ended with status 0x%x",
		 (unsigned)init->exit_status);
	platform->power_off(text);
}

static void end_process(struct process *p)
{
	if (p->tgid == 1) {
		end_machine(p);
	}
	timer_cancel(&p->alarm);
	p->is_stopped = false;
	leave_children(p);
	free_stopped_group(p->pgrp, p);
	p->is_zombie = true;
	if (p->session == p->tgid) {
		tty_session_ended(p->session);
	}
	tell_of_end(p);
}

void exit_thread(uint32_t status)
{
	struct task *t = current;
	struct process *p = t->process;

	if (t->clear_tid && t->vm->refs > 1 &&
	    !write_user_u32(t->clear_tid, 0)) {
		futex_wake_address(t->clear_tid);
	}
	fork_release_parent();
	fd_table_put(t->fds);
	fs_context_put(t->fs);
	t->fds = NULL;
	t->fs = NULL;
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

	for (struct task *t = process_thread(p, NULL); t;
	     t = process_thread(p, t)) {
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
