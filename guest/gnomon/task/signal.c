// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Signals: sending them, and what becomes of them on the way to ring 3.
 *
 * I1: a signal that would be ignored is never pending, unless it is blocked.
 * I2: SIGKILL and SIGSTOP are in no mask, and have the default action.
 * No signal makes a core file, so none says that it did. Read signal_frame.c
 * next.
 */
#include "guest/gnomon/task/signal.h"

#include "guest/gnomon/kernel.h"
#include "guest/gnomon/linux/sched.h"

/* What signals do by default; those that are in none of them end a process. */
#define BIT(n)	(1ull << ((n)-1))
#define STOPS	(BIT(SIGSTOP) | BIT(SIGTSTP) | BIT(SIGTTIN) | BIT(SIGTTOU))
#define NOTHING (BIT(SIGCHLD) | BIT(SIGCONT) | BIT(SIGURG) | BIT(SIGWINCH))
#define FAULTS \
	(BIT(SIGILL) | BIT(SIGTRAP) | BIT(SIGBUS) | BIT(SIGFPE) | BIT(SIGSEGV))

#define INT_SIZE 2 /* int $0x80 */

/* --- actions --- */

void signal_actions_reset(struct process *p)
{
	for (uint32_t n = 1; n <= SIGNALS; n++) {
		bool is_ignored = p->action[n].handler == SIG_IGN;

		p->action[n] = (struct signal_action){ .handler = is_ignored };
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

	return handler == SIG_IGN || is_protected(p, n) ||
	       (handler == SIG_DFL && (NOTHING & BIT(n)));
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
		forget(current->process, BIT(n));
	}
}

void signal_set_blocked(uint64_t mask)
{
	signal_set_blocked_now(mask);
	current->blocked_after = current->blocked;
}

void signal_set_blocked_now(uint64_t mask)
{
	current->blocked = mask & ~SIGNALS_UNBLOCKABLE;
	trap_work = 1;
}

/* --- sending --- */

bool signal_is_pending(const struct task *t)
{
	return ((t->pending.set | t->process->pending.set) & ~t->blocked) ||
	       t->process->is_stopped;
}

/* Something has changed that sleeping threads may have to wake up for. */
static void notice(const struct process *p)
{
	for (struct task *t = NULL; (t = process_thread(p, t));) {
		if (t->state == TASK_SLEEPING && !t->is_deaf &&
		    signal_is_pending(t)) {
			wait_end(t, -ERESTARTSYS);
		}
	}
}

/* Here sleep all who are stopped. */
static struct wait_queue stopped;

static void stay_stopped(void)
{
	while (current->process->is_stopped && !current->must_end) {
		wait_on_deaf(&stopped);
	}
}

/* What happens at once, whatever the process thinks of the signal. */
static void job_control(struct process *p, uint32_t n)
{
	if (BIT(n) & STOPS) {
		forget(p, BIT(SIGCONT));
	} else if (n == SIGCONT) {
		forget(p, STOPS);
	}
	if (!p->is_stopped || (n != SIGCONT && n != SIGKILL)) {
		return;
	}
	p->is_stopped = false;
	wait_wake(&stopped);
	if (n == SIGCONT) {
		exit_tell_parent(p, STATUS_CONTINUED);
	}
}

/* Two of a kind are one, which tells what the last one told. */
static void add(struct signal_pending *to, uint32_t n,
		const struct signal_info *info)
{
	to->set |= BIT(n);
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
	if ((blocked & BIT(n)) || !is_ignored(p, n)) {
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
	t->pending.set |= BIT(SIGKILL);
	notice(t->process);
	wait_wake(&stopped);
}

void signal_force(uint32_t n, int32_t code, uint32_t address)
{
	struct signal_action *a = &current->process->action[n];
	struct signal_info info = { .code = code, .address = address };

	/* With nothing that could handle it, the program ends by it. */
	if (a->handler == SIG_IGN || (current->blocked & BIT(n))) {
		a->handler = SIG_DFL;
		signal_set_blocked(current->blocked & ~BIT(n));
	}
	add(&current->pending, n, &info);
}

/* --- delivery --- */

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
	if (set & BIT(SIGKILL)) {
		set = BIT(SIGKILL);
	} else if (set & FAULTS) {
		set &= FAULTS;
	}
	low = (uint32_t)set;
	n = 1 + (uint32_t)(low ? __builtin_ctz(low)
			       : 32 + __builtin_ctz((uint32_t)(set >> 32)));
	from->set &= ~BIT(n);
	*info = from->info[n];
	info->number = n;
	return true;
}

static void stop(uint32_t n)
{
	struct process *p = current->process;

	if (n != SIGSTOP && process_is_orphaned(p)) {
		return;
	}
	p->is_stopped = true;
	notice(p);
	exit_tell_parent(p, n << 8 | STATUS_STOPPED);
}

static void act_by_default(uint32_t n)
{
	if (is_protected(current->process, n) && !(BIT(n) & FAULTS)) {
		return;
	}
	if (BIT(n) & STOPS) {
		stop(n);
	} else if (!(BIT(n) & NOTHING)) {
		exit_process(n);
	}
}

/* A call that a signal ended: begin again, or EINTR. @a is its handler. */
static void finish_call(struct trap_frame *f, const struct signal_action *a)
{
	int32_t result = (int32_t)f->eax;

	if (f->vector != VECTOR_SYSCALL || f->error == FRAME_NO_CALL ||
	    (result != -ERESTARTSYS && result != -ERESTARTNOHAND &&
	     result != -ERESTART_SLEEP)) {
		return;
	}
	if (!a || (result == -ERESTARTSYS && (a->flags & SA_RESTART))) {
		f->eax = f->error;
		f->eip -= INT_SIZE;
	} else {
		f->eax = (uint32_t)-EINTR;
	}
	if (a) {
		current->restart_deadline = 0;
	}
	f->error = FRAME_NO_CALL;
}

static void handle(struct trap_frame *f, struct signal_action *entry,
		   const struct signal_info *info)
{
	struct signal_action a = *entry;

	finish_call(f, &a);
	if (a.flags & SA_RESETHAND) {
		entry->handler = SIG_DFL;
	}
	if (signal_frame_push(f, &a, info, current->blocked_after)) {
		/* No stack to tell it on. */
		exit_process(SIGSEGV);
	}
	if (!(a.flags & SA_NODEFER)) {
		a.mask |= BIT(info->number);
	}
	signal_set_blocked(current->blocked | a.mask);
}

void signal_deliver(struct trap_frame *f)
{
	struct process *p = current->process;
	struct signal_info info;

	stay_stopped();
	while (signal_take(current->blocked, &info)) {
		struct signal_action *a = &p->action[info.number];

		if (p->is_exiting || current->must_end) {
			exit_thread(p->exit_status);
		}
		if (a->handler == SIG_DFL) {
			act_by_default(info.number);
		} else if (a->handler != SIG_IGN) {
			handle(f, a, &info);
		}
		stay_stopped();
	}
	finish_call(f, NULL);
	current->blocked = current->blocked_after;
}
