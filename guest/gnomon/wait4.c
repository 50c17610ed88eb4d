// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wait4() and its relatives: what parents ask.
 */
#include <stddef.h>
#include <string.h>

#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/resource.h"
#include "guest/gnomon/linux/sched.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/rusage.h"
#include "guest/gnomon/syscall.h"
#include "guest/gnomon/task.h"
#include "guest/gnomon/uaccess.h"

#define STATUS_STOPPED	 0x7fu
#define STATUS_CONTINUED 0xffffu

struct wait_request {
	int32_t pid;	  /* as wait4() has it */
	uint32_t options; /* with WEXITED */
};

struct wait_news {
	int32_t pid, code;
	uint32_t status; /* as wait4() shows it */
	uint64_t run_ns;
};

static bool is_meant(const struct process *c, const struct wait_request *r)
{
	bool is_clone = c->exit_signal != SIGCHLD;

	if (!(r->options & __WALL) && is_clone != !!(r->options & __WCLONE)) {
		return false;
	}
	if (r->pid > 0) {
		return c->tgid == r->pid;
	}
	return r->pid == -1 ||
	       c->pgrp == (r->pid ? -r->pid : current->process->pgrp);
}

static void reap(struct process *c)
{
	current->process->children_ns += process_run_ns(c) + c->children_ns;
	task_free(c->leader);
}

/* Has @c something to tell that is asked for? */
static bool ask(struct process *c, const struct wait_request *r,
		struct wait_news *news)
{
	bool stays = r->options & WNOWAIT;

	news->pid = c->tgid;
	news->run_ns = process_run_ns(c) + c->children_ns;
	if (c->is_zombie && (r->options & WEXITED)) {
		news->status = c->exit_status;
		news->code = !(news->status & 0x7f)  ? CLD_EXITED
			     : (news->status & 0x80) ? CLD_DUMPED
						     : CLD_KILLED;
		if (!stays) {
			reap(c);
		}
		return true;
	}
	if (c->is_stopped && c->stop_is_news && (r->options & WUNTRACED)) {
		news->status = c->stop_signal << 8 | STATUS_STOPPED;
		news->code = CLD_STOPPED;
		c->stop_is_news = stays;
		return true;
	}
	if (c->continue_is_news && (r->options & WCONTINUED)) {
		news->status = STATUS_CONTINUED;
		news->code = CLD_CONTINUED;
		c->continue_is_news = stays;
		return true;
	}
	return false;
}

/* pid; 0: none yet and WNOHANG; or -E*. */
static long wait_for(const struct wait_request *r, struct wait_news *news)
{
	struct process *p = current->process;

	for (;;) {
		bool has_child = false;
		int error;

		for (struct process *c = process_child(p, NULL); c;
		     c = process_child(p, c)) {
			if (!is_meant(c, r) || c->is_unwanted) {
				continue;
			}
			has_child = true;
			if (ask(c, r, news)) {
				return news->pid;
			}
		}
		if (!has_child) {
			return -ECHILD;
		}
		if (r->options & WNOHANG) {
			return 0;
		}
		error = wait_on(&p->child_wait, 0);
		if (error) {
			return error;
		}
	}
}

static long wait4(int32_t pid, uint32_t status, uint32_t options,
		  uint32_t rusage)
{
	struct wait_request r = { pid, options | WEXITED };
	struct wait_news news;
	long result;

	if (options & ~(WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD |
			__WALL | __WCLONE)) {
		return -EINVAL;
	}
	result = wait_for(&r, &news);
	if (result <= 0) {
		return result;
	}
	if ((status && write_user_u32(status, news.status)) ||
	    (rusage && rusage_show(rusage, news.run_ns))) {
		return -EFAULT;
	}
	return result;
}

long sys_wait4(const struct syscall_args *a)
{
	return wait4((int32_t)a->arg[0], a->arg[1], a->arg[2], a->arg[3]);
}

long sys_waitpid(const struct syscall_args *a)
{
	return wait4((int32_t)a->arg[0], a->arg[1], a->arg[2], 0);
}

static int info_show(uint32_t to, const struct wait_news *news)
{
	struct linux_siginfo info = {
		.known.number = SIGCHLD,
		.known.code = news->code,
		.known.pid = news->pid,
		.known.status =
			(int32_t)(news->code == CLD_EXITED ||
						  news->code == CLD_STOPPED
					  ? news->status >> 8 & 0xff
				  : news->code == CLD_CONTINUED
					  ? SIGCONT
					  : news->status & 0x7f),
	};

	return copy_to_user(to, &info, sizeof(info));
}

/* idtype, id, info, options, rusage */
long sys_waitid(const struct syscall_args *a)
{
	struct wait_request r = { -1, a->arg[3] };
	struct wait_news news;
	long result;

	if (!(r.options & (WEXITED | WUNTRACED | WCONTINUED)) ||
	    a->arg[0] > P_PGID ||
	    (a->arg[0] != P_ALL && (int32_t)a->arg[1] < 0)) {
		return -EINVAL;
	}
	if (a->arg[0] == P_PID) {
		r.pid = (int32_t)a->arg[1];
	} else if (a->arg[0] == P_PGID) {
		r.pid = -(int32_t)a->arg[1];
	}
	result = wait_for(&r, &news);
	if (result < 0) {
		return result;
	}
	if (!result) {
		return a->arg[2] ? clear_user(a->arg[2],
					      sizeof(struct linux_siginfo))
				 : 0;
	}
	if ((a->arg[2] && info_show(a->arg[2], &news)) ||
	    (a->arg[4] && rusage_show(a->arg[4], news.run_ns))) {
		return -EFAULT;
	}
	return 0;
}
