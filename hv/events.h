/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last exits and hypercalls of a guest, for its crash report; not the
 * page faults that filled a shadow, of which the guest knows nothing.
 * Recorded at every exit, so a record is what costs least: a hypercall's
 * arguments are built here and served from here.
 */
#pragma once

#include "arch/x86/regs.h"

#define EVENTS 32

/* What stands in place of a vector. */
#define EVENT_RING   0x100u /* a call from the ring of deferred ones */
#define EVENT_SWITCH 0x101u /* the Switcher could not enter the guest */
#define EVENT_IO     0x102u /* an instruction was emulated */
#define EVENT_NONE   0x103u

struct hcall_args {
	u32 number;
	u32 arg[4];
	bool is_deferred; /* from the ring: no register may change */
};

struct event {
	u32 vector;
	u32 eip;
	union {
		struct hcall_args call; /* X86_VEC_HCALL, EVENT_RING */
		struct {
			u32 error;
			u32 cr2;   /* counts for a page fault */
			u32 again; /* times that an EVENT_IO was repeated */
		};
	};
};

struct events {
	u32 next; /* offset in slot[] of the oldest */
	struct event slot[EVENTS];
};

_Static_assert(sizeof(struct event) == 32, "a power of two");

static inline void events_reset(struct events *e)
{
	e->next = 0;
	for (u32 i = 0; i < EVENTS; i++) {
		e->slot[i].vector = EVENT_NONE;
	}
}

static inline struct event *events_new(struct events *e)
{
	u32 at = e->next;

	e->next = (at + sizeof(struct event)) % sizeof(e->slot);
	return (struct event *)((u8 *)e->slot + at);
}

/* The newest. */
static inline const struct event *events_last(const struct events *e)
{
	return &e->slot[(e->next / sizeof(struct event) + EVENTS - 1) % EVENTS];
}

/* A trap of the guest, but for a hypercall. */
static inline void events_exit(struct events *e, u32 vector,
			       const struct cpu_regs *r, u32 cr2)
{
	struct event *event = events_new(e);

	event->vector = vector;
	event->eip = r->eip;
	event->error = r->error;
	event->cr2 = cr2;
}

/*
 * The newest was emulated. In a row of such exits each instruction is one
 * event: a console that is written byte by byte would hide what the guest did.
 */
void events_fold_io(struct events *e);

/*
 * The newest is an interrupt of the machine's. If the one before is one too,
 * it is forgotten: a run of them would hide what the guest did.
 */
static inline void events_fold_interrupts(struct events *e)
{
	u32 last = (e->next / sizeof(struct event) + EVENTS - 1) % EVENTS;
	struct event *before = &e->slot[(last + EVENTS - 1) % EVENTS];

	if (before->vector >= X86_VEC_IRQ && before->vector < X86_VECTORS &&
	    before->vector != X86_VEC_SYSCALL) {
		*before = e->slot[last];
		e->slot[last].vector = EVENT_NONE;
		e->next = last * sizeof(struct event);
	}
}

/* A hypercall. The result is good until the next call of these functions. */
static inline const struct hcall_args *events_call(struct events *e,
						   const struct cpu_regs *r)
{
	struct event *event = events_new(e);

	event->vector = X86_VEC_HCALL;
	event->eip = r->eip;
	event->call = (struct hcall_args){ r->eax,
					   { r->ebx, r->ecx, r->edx, r->esi },
					   false };
	return &event->call;
}

static inline const struct hcall_args *events_ring_call(struct events *e,
							struct hcall_args call)
{
	struct event *event = events_new(e);

	event->vector = EVENT_RING;
	event->call = call;
	return &event->call;
}
