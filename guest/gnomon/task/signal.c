// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Signals: sending them. What becomes of them: signal_deliver.c.
 *
 * I1: a signal that would be ignored is never pending, unless it is blocked.
 * I2: SIGKILL and SIGSTOP are in no mask, and have the default action.
 * Read signal_deliver.c next.
 */
#include "guest/gnomon/task/signal.h"

#include "guest/gnomon/linux/sched.h"
#include "guest/gnomon/mm/uaccess.h"
#include "guest/gnomon/task/wait.h"

/* --- actions --- */

void signal_actions_reset(struct process *p)
{
	for (uint32_t n = 1; n <= SIGNALS; n++) {
		bool is_ignored = p->action[n].handler == SIG_IGN;

		p->action[n] = (struct signal_action){ .handler = is_ignored };
	}
}

bool signal_is_protected(const struct process *p, uint32_t n)
{
	return p->tgid == 1 && p->action[n].handler == SIG_DFL;
}

static bool is_ignored(const struct process *p, uint32_t n)
{
	uint32_t handler = p->action[n].handler;

	return handler == SIG_IGN || signal_is_protected(p, n) ||
	       (handler == SIG_DFL && (SIGNALS_IGNORED & SIGNAL_BIT(n)));
}

static void forget(struct process *p, uint64_t set)
{
	p->pending.set &= ~set;
	for (struct task *t = NULL; (t = process_thread(p, t));) {
		t->pending.set &= ~set;
	}
}

void signal_set_action(uint32_t n, const struct signal_action *a)
{
	current->process->action[n] = *a;
	if (is_ignored(current->process, n)) {
		forget(current->process, SIGNAL_BIT(n));
	}
}

/* --- sending --- */

/* Something has changed that sleeping threads may have to wake up for. */
static void notice(const struct process *p)
{
	for (struct task *t = NULL; (t = process_thread(p, t));) {
		if (t->state == TASK_SLEEPING && !t->is_uninterruptible &&
		    task_has_signal(t)) {
			wait_end(t, -ERESTARTSYS);
		}
	}
}

/* Here sleep all who are stopped. */
static struct wait_queue stopped;

void signal_stay_stopped(void)
{
	while (current->process->is_stopped && !current->must_end) {
		wait_uninterruptible(&stopped);
	}
}

/* What happens at once, whatever the process thinks of the signal. */
static void job_control(struct process *p, uint32_t n)
{
	if (SIGNAL_BIT(n) & SIGNALS_STOP) {
		forget(p, SIGNAL_BIT(SIGCONT));
	} else if (n == SIGCONT) {
		forget(p, SIGNALS_STOP);
	}
	if (!p->is_stopped || (n != SIGCONT && n != SIGKILL)) {
		return;
	}
	p->is_stopped = false;
	wait_wake(&stopped);
	if (n == SIGCONT) {
		signal_tell_parent(p, STATUS_CONTINUED);
	}
}

/* Two of a kind are one, which tells what the last one told. */
static void add(struct signal_pending *to, uint32_t n,
		const struct signal_info *info)
{
	to->set |= SIGNAL_BIT(n);
	to->info[n] = info ? *info : (struct signal_info){ .code = SI_KERNEL };
	trap_work = 1;
}

/* @blocked: by everybody who could take it. */
static void send(struct process *p, struct signal_pending *to, uint32_t n,
		 const struct signal_info *info, uint64_t blocked)
{
	if (!n || p->is_zombie) {
		return;
	}
	job_control(p, n);
	if ((blocked & SIGNAL_BIT(n)) || !is_ignored(p, n)) {
		add(to, n, info);
		notice(p);
	}
}

/* What a call that waits for signals lets through is blocked all the same. */
static uint64_t blocked_by(const struct task *t)
{
	return t->blocked | t->blocked_after;
}

void signal_send_task(struct task *t, uint32_t n,
		      const struct signal_info *info)
{
	send(t->process, &t->pending, n, info, blocked_by(t));
}

void signal_send_process(struct process *p, uint32_t n,
			 const struct signal_info *info)
{
	uint64_t blocked = ~0ull;

	for (struct task *t = NULL; (t = process_thread(p, t));) {
		blocked &= blocked_by(t);
	}
	send(p, &p->pending, n, info, blocked);
}

void signal_send_group(int32_t pgrp, uint32_t n)
{
	for (struct process *p = NULL; (p = process_next(p));) {
		if (pgrp && p->pgrp == pgrp) {
			signal_send_process(p, n, NULL);
		}
	}
}

void signal_end_thread(struct task *t)
{
	t->must_end = true;
	t->pending.set |= SIGNAL_BIT(SIGKILL);
	notice(t->process);
	wait_wake(&stopped);
}

void signal_force(uint32_t n, int32_t code, uint32_t address)
{
	struct signal_action *a = &current->process->action[n];
	struct signal_info info = { .code = code, .address = address };

	/* With nothing that could handle it, the program ends by it. */
	if (a->handler == SIG_IGN || (current->blocked & SIGNAL_BIT(n))) {
		a->handler = SIG_DFL;
		signal_set_blocked(current->blocked & ~SIGNAL_BIT(n));
	}
	add(&current->pending, n, &info);
}

/* --- telling the parent --- */

/* What SIGCHLD tells of @status, which is as wait4() shows it. */
static void describe(struct signal_info *info, uint32_t status)
{
	uint32_t signal = status & STATUS_SIGNAL;

	info->code = status == STATUS_CONTINUED ? CLD_CONTINUED
		     : signal == STATUS_STOPPED ? CLD_STOPPED
		     : !signal			? CLD_EXITED
						: CLD_KILLED;
	info->status =
		(int32_t)(status == STATUS_CONTINUED		? SIGCONT
			  : !signal || signal == STATUS_STOPPED ? status >> 8
								: signal);
}

void signal_tell_parent(struct process *p, uint32_t status)
{
	struct process *parent = p->parent;
	struct signal_info info = { .pid = p->tgid };
	uint32_t n = p->is_zombie ? p->exit_signal : SIGCHLD;

	if (!parent) {
		return;
	}
	p->wait_status = status;
	p->has_wait_status = true;
	describe(&info, status);
	if (p->is_zombie || !(parent->action[n].flags & SA_NOCLDSTOP)) {
		signal_send_process(parent, n, &info);
	}
	wait_wake(&parent->child_wait);
}

void signal_stop(struct process *p)
{
	p->is_stopped = true;
	notice(p);
}

/* --- taking --- */

bool signal_take(uint64_t blocked, struct signal_info *info)
{
	struct signal_pending *from = &current->pending;
	uint64_t set;
	uint32_t n, low;

	if (!(from->set & ~blocked)) {
		from = &current->process->pending;
	}
	set = from->set & ~blocked;
	if (!set) {
		return false;
	}
	/* The end comes first, then what the program did itself. */
	if (set & SIGNAL_BIT(SIGKILL)) {
		set = SIGNAL_BIT(SIGKILL);
	} else if (set & SIGNALS_FAULT) {
		set &= SIGNALS_FAULT;
	}
	low = (uint32_t)set;
	n = 1 + (uint32_t)(low ? __builtin_ctz(low)
			       : 32 + __builtin_ctz((uint32_t)(set >> 32)));
	from->set &= ~SIGNAL_BIT(n);
	*info = from->info[n];
	info->number = n;
	return true;
}

int signal_set_get(uint64_t *set, struct user_ptr from, uint32_t size)
{
	return size == sizeof(*set) ? copy_from_user(set, from, size) : -EINVAL;
}
