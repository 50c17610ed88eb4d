// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Traps and interrupts: who takes care of each.
 */
#include "guest/gnomon/arch/irq.h"
#include "guest/gnomon/arch/trap.h"
#include "guest/gnomon/lib/log.h"
#include "guest/gnomon/linux/errno.h"
#include "guest/gnomon/process/oom.h"
#include "guest/gnomon/process/signal_deliver.h"
#include "guest/gnomon/task/sched.h"
#include "guest/gnomon/task/signal.h"
#include "guest/gnomon/vm/vm.h"

#define PFEC_WRITE 0x2u
#define PFEC_FETCH 0x10u
#define EFLAGS_IF  0x200u

/* --- faults --------------------------------------------------------------- */

/* The kernel's own fault: expected, or the end. */
static void kernel_fault(struct trap_frame *f, uint32_t address)
{
	uint32_t to = trap_fixup(f->eip);

	if (!to) {
		panic("trap %u error 0x%x eip %08x cr2 %08x",
		      (unsigned)f->vector, (unsigned)f->error, (unsigned)f->eip,
		      (unsigned)address);
	}
	f->eip = to;
	/* The way out may have opened them (guest/lib/entry.S). */
	f->eflags &= ~EFLAGS_IF;
}

/* 0, or the signal for the program. Short of memory, others make room. */
static int fill_page(uint32_t address, uint32_t error, int32_t *code)
{
	int number;

	do {
		number = vm_fault(address, error & PFEC_WRITE,
				  error & PFEC_FETCH, code);
	} while (number == SIGKILL && oom_make_room());
	/* The first process does not hear of SIGKILL. */
	return number == SIGKILL && current->process->tgid == 1 ? SIGBUS
								: number;
}

static void page_fault(struct trap_frame *f)
{
	uint32_t address = platform->fault_address();
	bool from_user = trap_from_user(f);
	int32_t code = SEGV_MAPERR;
	int number = SIGSEGV;

	if (address < KERNEL_BASE && (from_user || trap_fixup(f->eip))) {
		number = fill_page(address, f->error, &code);
		if (!number) {
			/* Cheaper than the fault of a repeated access. */
			mmu_commit();
			return;
		}
	}
	if (from_user) {
		signal_force((uint32_t)number, code, address);
	} else {
		kernel_fault(f, address);
	}
}

/* What a program's trap becomes, if it is not SIGSEGV and SI_KERNEL. */
static const struct {
	uint8_t number, code;
} signal_of[IRQ_VECTOR] = {
	[0] = { SIGFPE, FPE_INTDIV },  [1] = { SIGTRAP, TRAP_TRACE },
	[3] = { SIGTRAP, SI_KERNEL },  [6] = { SIGILL, ILL_ILLOPN },
	[7] = { SIGFPE, SI_KERNEL },   [11] = { SIGBUS, SI_KERNEL },
	[12] = { SIGBUS, SI_KERNEL },  [16] = { SIGFPE, FPE_FLTINV },
	[17] = { SIGBUS, BUS_ADRALN }, [19] = { SIGFPE, FPE_FLTINV },
};

static void other_trap(struct trap_frame *f)
{
	uint32_t number = signal_of[f->vector].number;

	if (!trap_from_user(f)) {
		kernel_fault(f, 0);
	} else if (number) {
		signal_force(number, signal_of[f->vector].code, f->eip);
	} else {
		signal_force(SIGSEGV, SI_KERNEL, f->eip);
	}
}

void trap_dispatch(struct trap_frame *f)
{
	if (f->vector >= IRQ_VECTOR) {
		irq_dispatch(f->vector - IRQ_VECTOR);
	} else if (f->vector == VECTOR_PAGE) {
		page_fault(f);
	} else if (f->vector == VECTOR_NMI) {
		log_info("NMI");
	} else {
		other_trap(f);
	}
}

/* --- the way to ring 3 ---------------------------------------------------- */

/*
 * Called again until nothing is left to do: each of these may sleep, switch
 * tasks, or make work for another.
 */
void trap_work_run(struct trap_frame *f)
{
	platform_serve_irqs();
	sched_check();
	/* What ended a call may be gone by now: the call begins again then. */
	if (task_has_signal(current) || f->eax >= (uint32_t)-ERESTART_SLEEP) {
		signal_deliver(f);
	}
	mmu_commit();
}
