// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Signals: sending them, and what becomes of them on the way to ring 3.
 *
 * I1: a signal that would be ignored is never pending, unless it is blocked.
 * I2: SIGKILL and SIGSTOP are in no mask, and have the default action.
 * Read signal_frame.c next.
 */
#include "guest/gnomon/signal.h"

#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/sched.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/signal_frame.h"
#include "guest/gnomon/task.h"

#define BIT(n) (1ull << ((n)-1))
#define STOPS  (BIT(SIGSTOP) | BIT(SIGTSTP) | BIT(SIGTTIN) | BIT(SIGTTOU))
#define NOT_BY_DEFAULT \
	(BIT(SIGCHLD) | BIT(SIGCONT) | BIT(SIGURG) | BIT(SIGWINCH))
#define DUMPS                                                       \
	(BIT(SIGQUIT) | BIT(SIGILL) | BIT(SIGTRAP) | BIT(SIGABRT) | \
	 BIT(SIGBUS) | BIT(SIGFPE) | BIT(SIGSEGV) | BIT(SIGXCPU) |  \
	 BIT(SIGXFSZ) | BIT(SIGSYS))
#define FAULTS \
	(BIT(SIGILL) | BIT(SIGTRAP) | BIT(SIGBUS) | BIT(SIGFPE) | BIT(SIGSEGV))

uint64_t signal_blockable(uint64_t mask)
{
	return mask & ~(BIT(SIGKILL) | BIT(SIGSTOP));
}

/* --- actions --- */

void signal_actions_reset(struct process *p)
{
	for (uint32_t n = 1; n <= SIGNALS; n++) {
		uint32_t handler = p->action[n].handler;

		p->action[n] = (struct signal_action){
			.handler = handler == SIG_IGN ? SIG_IGN : SIG_DFL
		};
	}
}

/* The first process is ended by nobody but itself. */
static bool is_protected(const struct process *p, uint32_t n)
{
	return p->tgid == 1 && p->action[n].handler == SIG_DFL;
}

static bool is_ignored(const struct process *p, uint32_t n)
{
	uint32_t handler = p->action[n].handler;

	return handler == SIG_IGN ||
	       (handler == SIG_DFL && (NOT_BY_DEFAULT & BIT(n))) ||
	       is_protected(p, n);
}

void signal_forget_ignored(struct process *p, uint32_t n)
{
	if (!is_ignored(p, n)) {
		return;
	}
	p->pending.set &= ~BIT(n);
	for (struct task *t = process_thread(p, NULL); t;
	     t = process_thread(p, t)) {
		t->pending.set &= ~BIT(n);
	}
}

/* --- sending --- */

bool signal_is_pending(const struct task *t)
{
	return ((t->pending.set | t->process->pending.set) & ~t->blocked) ||
	       t->process->is_stopped;
}

static void notice(struct task *t)
{
	if (t->state == TASK_SLEEPING && !t->is_deaf && signal_is_pending(t)) {
		wait_interrupt(t);
	}
}

static void forget(struct process *p, uint64_t set)
{
	p->pending.set &= ~set;
	for (struct task *t = process_thread(p, NULL); t;
	     t = process_thread(p, t)) {
		t->pending.set &= ~set;
	}
}

static void resume(struct process *p)
{
	p->is_stopped = false;
	for (struct task *t = process_thread(p, NULL); t;
	     t = process_thread(p, t)) {
		if (t->state == TASK_STOPPED) {
			sched_ready(t);
		}
	}
}

/* What happens at once, whatever the process thinks of the signal. */
static void job_control(struct process *p, uint32_t n)
{
	if (BIT(n) & STOPS) {
		forget(p, BIT(SIGCONT));
	}
	if (n == SIGCONT) {
		forget(p, STOPS);
	}
	if (p->is_stopped && (n == SIGCONT || n == SIGKILL)) {
		resume(p);
		if (n == SIGCONT) {
			exit_tell_parent(p, STATUS_CONTINUED);
		}
	}
}

static void send(struct process *p, struct signal_pending *pending, uint32_t n,
		 const struct signal_info *info, uint64_t blocked)
{
	if (p->is_zombie) {
		return;
	}
	job_control(p, n);
	if (is_ignored(p, n) && !(blocked & BIT(n))) {
		return;
	}
	pending->set |= BIT(n);
	trap_work = 1;
	pending->info[n - 1] =
		info ? *info : (struct signal_info){ .code = SI_KERNEL };
}

void signal_send_task(struct task *t, uint32_t n,
		      const struct signal_info *info)
{
	send(t->process, &t->pending, n, info, t->blocked);
	notice(t);
}

void signal_send_process(struct process *p, uint32_t n,
			 const struct signal_info *info)
{
	uint64_t blocked = ~0ull;

	for (struct task *t = process_thread(p, NULL); t;
	     t = process_thread(p, t)) {
		blocked &= t->blocked;
	}
	send(p, &p->pending, n, info, blocked);
	for (struct task *t = process_thread(p, NULL); t;
	     t = process_thread(p, t)) {
		notice(t);
	}
}

uint32_t signal_send_group(int32_t pgrp, uint32_t n)
{
	uint32_t found = 0;

	for (struct process *p = process_first(); p; p = p->next) {
		if (p->pgrp == pgrp && !p->is_zombie) {
			signal_send_process(p, n, NULL);
			found++;
		}
	}
	return found;
}

void signal_end_thread(struct task *t)
{
	t->must_end = true;
	t->pending.set |= BIT(SIGKILL);
	notice(t);
	if (t->state == TASK_STOPPED) {
		sched_ready(t);
	}
}

void signal_force(uint32_t n, int32_t code, uint32_t address)
{
	struct signal_action *a = &current->process->action[n];
	struct signal_info info = { .code = code, .address = address };

	/* With nothing that could handle it, the program ends by it. */
	if (a->handler == SIG_IGN || (current->blocked & BIT(n))) {
		a->handler = SIG_DFL;
		current->blocked &= ~BIT(n);
	}
	current->pending.set |= BIT(n);
	current->pending.info[n - 1] = info;
	trap_work = 1;
}

/* --- delivery --- */

static bool take_from(struct signal_pending *p, uint64_t blocked,
		      uint32_t *signal, struct signal_info *info)
{
	uint64_t set = p->set & ~blocked;

	if (!set) {
		return false;
	}
	/* The end comes first, then what the program did itself. */
	if (set & BIT(SIGKILL)) {
		set = BIT(SIGKILL);
	} else if (set & FAULTS) {
		set &= FAULTS;
	}
	*signal = (uint32_t)set
			  ? 1 + (uint32_t)__builtin_ctz((uint32_t)set)
			  : 33 + (uint32_t)__builtin_ctz((uint32_t)(set >> 32));
	*info = p->info[*signal - 1];
	p->set &= ~BIT(*signal);
	return true;
}

bool signal_take(uint64_t blocked, uint32_t *signal, struct signal_info *info)
{
	return take_from(&current->pending, blocked, signal, info) ||
	       take_from(&current->process->pending, blocked, signal, info);
}

static void stop(uint32_t n)
{
	struct process *p = current->process;

	if (n != SIGSTOP && process_group_is_orphaned(p->pgrp, NULL)) {
		return;
	}
	p->is_stopped = true;
	for (struct task *t = process_thread(p, NULL); t;
	     t = process_thread(p, t)) {
		notice(t);
	}
	exit_tell_parent(p, n << 8 | STATUS_STOPPED);
}

static void stay_stopped(void)
{
	while (current->process->is_stopped && !current->must_end) {
		current->state = TASK_STOPPED;
		sched_leave();
	}
}

static void act_by_default(uint32_t n)
{
	struct process *p = current->process;

	if (p->is_exiting || current->must_end) {
		exit_thread(p->exit_status);
	}
	if (is_protected(p, n) && !(BIT(n) & FAULTS)) {
		return;
	}
	if (BIT(n) & STOPS) {
		stop(n);
		stay_stopped();
	} else if (!(BIT(n) & NOT_BY_DEFAULT)) {
		exit_process(n | (BIT(n) & DUMPS ? STATUS_DUMP : 0));
	}
}

/* A call that a signal ended: begin again, or EINTR. */
static void finish_call(struct trap_frame *f, const struct signal_action *a)
{
	int32_t result = (int32_t)f->eax;
	bool again;

	if (f->vector != VECTOR_SYSCALL || f->error == FRAME_NO_CALL) {
		return;
	}
	if (result != -ERESTARTSYS && result != -ERESTARTNOHAND &&
	    result != -ERESTART_SLEEP) {
		return;
	}
	again = !a || (result == -ERESTARTSYS && (a->flags & SA_RESTART));
	if (again) {
		f->eax = f->error;
		f->eip -= FRAME_INT_SIZE;
	} else {
		f->eax = (uint32_t)-EINTR;
	}
	if (a) {
		current->restart_deadline = 0;
	}
	f->error = FRAME_NO_CALL;
}

static void handle(struct trap_frame *f, uint32_t n,
		   const struct signal_info *info)
{
	struct signal_action *entry = &current->process->action[n];
	struct signal_action a = *entry;
	uint64_t old = current->restores_blocked ? current->saved_blocked
						 : current->blocked;

	finish_call(f, &a);
	if (a.flags & SA_RESETHAND) {
		entry->handler = SIG_DFL;
	}
	if (signal_frame_push(f, n, &a, info, old)) {
		/* No stack to tell it on. */
		exit_process(SIGSEGV | STATUS_DUMP);
	}
	current->restores_blocked = false;
	current->blocked =
		signal_blockable(current->blocked | a.mask |
				 (a.flags & SA_NODEFER ? 0 : BIT(n)));
}

void signal_deliver(struct trap_frame *f)
{
	struct signal_info info;
	uint32_t n;

	for (;;) {
		stay_stopped();
		if (!signal_take(current->blocked, &n, &info)) {
			break;
		}
		if (current->process->action[n].handler == SIG_IGN) {
			continue;
		}
		if (current->process->action[n].handler != SIG_DFL &&
		    !current->process->is_exiting) {
			handle(f, n, &info);
			continue;
		}
		act_by_default(n);
	}
	finish_call(f, NULL);
	if (current->restores_blocked) {
		current->blocked = current->saved_blocked;
		current->restores_blocked = false;
	}
}
