// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What becomes of signals on the way to ring 3: a handler, an end, a stop, or
 * a call that begins again.
 *
 * No signal makes a core file, so none says that it did. Read signal_frame.c
 * next.
 */
#include "guest/gnomon/process/signal_deliver.h"

#include "guest/gnomon/arch/layout.h"
#include "guest/gnomon/linux/sched.h"
#include "guest/gnomon/process/process.h"
#include "guest/gnomon/task/signal.h"

#define INT_SIZE 2 /* int $0x80 */

static void stop(uint32_t n)
{
	struct process *p = current->process;

	if (n != SIGSTOP && process_is_orphaned(p)) {
		return;
	}
	signal_stop(p);
	signal_tell_parent(p, n << 8 | STATUS_STOPPED);
}

static void act_by_default(uint32_t n)
{
	if (signal_is_protected(current->process, n) &&
	    !(SIGNAL_BIT(n) & SIGNALS_FAULT)) {
		return;
	}
	if (SIGNAL_BIT(n) & SIGNALS_STOP) {
		stop(n);
	} else if (!(SIGNAL_BIT(n) & SIGNALS_IGNORED)) {
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
		a.mask |= SIGNAL_BIT(info->number);
	}
	signal_set_blocked(current->blocked | a.mask);
}

void signal_deliver(struct trap_frame *f)
{
	struct process *p = current->process;
	struct signal_info info;

	if (p->is_stopped) {
		signal_stay_stopped();
	}
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
		if (p->is_stopped) {
			signal_stay_stopped();
		}
	}
	finish_call(f, NULL);
	current->blocked = current->blocked_after;
}
