// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory is short: who has to end.
 *
 * Its memory is free at once, without waiting for it to run: it never returns
 * to ring 3, and who shares it finds nothing.
 */
#include "guest/gnomon/process/oom.h"

#include "guest/gnomon/lib/log.h"
#include "guest/gnomon/task/signal.h"
#include "guest/gnomon/vm/vm.h"

bool oom_make_room(void)
{
	struct task *victim = current;
	uint32_t most = 0;

	for (struct task *t = task_first(); t; t = t->next) {
		if (t->vm && t->process->tgid != 1 && t->vm->pages > most) {
			victim = t;
			most = t->vm->pages;
		}
	}
	log_info("out of memory: killed %s (%d)", victim->name,
		 (int)victim->process->tgid);
	signal_send_process(victim->process, SIGKILL, NULL);
	if (victim->vm == current->vm) {
		return false;
	}
	vm_clear(victim->vm);
	/* It may run on to its end, and must not find what was there. */
	mmu_free_tables(&victim->vm->mmu);
	return true;
}
