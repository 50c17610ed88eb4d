/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last exits and hypercalls of a guest, for its crash report; not the
 * page faults that filled a shadow, of which the guest knows nothing.
 * Recorded at every exit, so a record is what costs least: a hypercall's
 * arguments are built here and served from here.
 */
#pragma once

#include "arch/x86/regs.h"

#define EXIT_LOG_SIZE 32

/* What stands in place of a vector. */
#define EXIT_LOG_RING	0x100u /* a call from the ring of deferred ones */
#define EXIT_LOG_SWITCH 0x101u /* the Switcher could not enter the guest */
#define EXIT_LOG_IO	0x102u /* an instruction was emulated */
#define EXIT_LOG_NONE	0x103u

struct hcall_args {
	u32 number;
	u32 arg[4];
	bool is_deferred; /* from the ring: no register may change */
};

struct exit_record {
	u32 vector;
	u32 eip;
	union {
		struct hcall_args call; /* X86_VEC_HCALL, EXIT_LOG_RING */
		struct {
			u32 error;
			u32 cr2;   /* counts for a page fault */
			u32 again; /* times that an EXIT_LOG_IO was repeated */
		};
	};
};

struct exit_log {
	u32 next; /* offset in slot[] of the oldest */
	struct exit_record slot[EXIT_LOG_SIZE];
};

_Static_assert(sizeof(struct exit_record) == 32, "a power of two");

static inline void exit_log_reset(struct exit_log *e)
{
	e->next = 0;
	for (u32 i = 0; i < EXIT_LOG_SIZE; i++) {
		e->slot[i].vector = EXIT_LOG_NONE;
	}
}

static inline struct exit_record *exit_log_new(struct exit_log *e)
{
	u32 at = e->next;

	e->next = (at + sizeof(struct exit_record)) % sizeof(e->slot);
	return (struct exit_record *)((u8 *)e->slot + at);
}

/* The newest. */
static inline const struct exit_record *exit_log_last(const struct exit_log *e)
{
	return &e->slot[(e->next / sizeof(struct exit_record) + EXIT_LOG_SIZE -
			 1) %
			EXIT_LOG_SIZE];
}

/* A trap of the guest, but for a hypercall. */
static inline void exit_log_exit(struct exit_log *e, u32 vector,
				 const struct cpu_regs *r, u32 cr2)
{
	struct exit_record *event = exit_log_new(e);

	event->vector = vector;
	event->eip = r->eip;
	event->error = r->error;
	event->cr2 = cr2;
}

/*
 * The newest was emulated. In a row of such exits each instruction is one
 * event: a console that is written byte by byte would hide what the guest did.
 */
void exit_log_fold_io(struct exit_log *e);

/*
 * The newest is an interrupt of the machine's. If the one before is one too,
 * it is forgotten: a run of them would hide what the guest did.
 */
static inline void exit_log_fold_interrupts(struct exit_log *e)
{
	u32 last = (e->next / sizeof(struct exit_record) + EXIT_LOG_SIZE - 1) %
		   EXIT_LOG_SIZE;
	struct exit_record *before =
		&e->slot[(last + EXIT_LOG_SIZE - 1) % EXIT_LOG_SIZE];

	if (before->vector >= X86_VEC_IRQ && before->vector < X86_VECTORS &&
	    before->vector != X86_VEC_SYSCALL) {
		*before = e->slot[last];
		e->slot[last].vector = EXIT_LOG_NONE;
		e->next = last * sizeof(struct exit_record);
	}
}

/* A hypercall. The result is good until the next call of these functions. */
static inline const struct hcall_args *exit_log_call(struct exit_log *e,
						     const struct cpu_regs *r)
{
	struct exit_record *event = exit_log_new(e);

	event->vector = X86_VEC_HCALL;
	event->eip = r->eip;
	event->call = (struct hcall_args){ r->eax,
					   { r->ebx, r->ecx, r->edx, r->esi },
					   false };
	return &event->call;
}

static inline const struct hcall_args *
exit_log_ring_call(struct exit_log *e, struct hcall_args call)
{
	struct exit_record *event = exit_log_new(e);

	event->vector = EXIT_LOG_RING;
	event->call = call;
	return &event->call;
}
