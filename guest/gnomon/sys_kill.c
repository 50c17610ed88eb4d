// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * System calls: sending signals.
 */
#include "guest/gnomon/syscall.h"

#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/linux/signal.h"
#include "guest/gnomon/task.h"

static struct signal_info from_me(int32_t code)
{
	return (struct signal_info){
		.code = code,
		.pid = current->process->tgid,
	};
}

static bool is_meant(const struct process *p, int32_t pid)
{
	if (pid == -1) {
		return p->tgid != 1 && p != current->process;
	}
	return p->pgrp == (pid ? -pid : current->process->pgrp);
}

/* pid, signal; 0 only asks whether there is somebody. */
long sys_kill(const struct syscall_args *a)
{
	struct signal_info info = from_me(SI_USER);
	int32_t pid = (int32_t)a->arg[0];
	uint32_t n = a->arg[1];
	bool found = false;

	if (n > SIGNALS) {
		return -EINVAL;
	}
	if (pid > 0) {
		struct process *p = process_find(pid);

		if (p && n) {
			signal_send_process(p, n, &info);
		}
		return p ? 0 : -ESRCH;
	}
	for (struct process *p = process_first(); p; p = p->next) {
		if (pid != INT32_MIN && is_meant(p, pid)) {
			found = true;
			if (n) {
				signal_send_process(p, n, &info);
			}
		}
	}
	return found ? 0 : -ESRCH;
}

static long send_to(int32_t tgid, int32_t tid, uint32_t n)
{
	struct signal_info info = from_me(SI_TKILL);
	struct task *t;

	if (tid <= 0 || n > SIGNALS) {
		return -EINVAL;
	}
	t = task_find(tid);
	if (!t || (tgid && t->process->tgid != tgid)) {
		return -ESRCH;
	}
	if (n && t->state != TASK_ZOMBIE) {
		signal_send_task(t, n, &info);
	}
	return 0;
}

long sys_tkill(const struct syscall_args *a)
{
	return send_to(0, (int32_t)a->arg[0], a->arg[1]);
}

/* process, thread, signal */
long sys_tgkill(const struct syscall_args *a)
{
	return (int32_t)a->arg[0] <= 0 ? -EINVAL
				       : send_to((int32_t)a->arg[0],
						 (int32_t)a->arg[1], a->arg[2]);
}
