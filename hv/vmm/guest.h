/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One guest: its memory, its tables, its devices, and how it ended.
 */
#pragma once

#include "hv/abi/lguest.h"
#include "hv/dev/virq.h"
#include "hv/lib/console.h"
#include "hv/load/load.h"
#include "hv/pc/machine.h"
#include "hv/vmm/board.h"
#include "hv/vmm/exit_log.h"
#include "hv/vmm/stats.h"
#include "hv/vmm/vcpu.h"
#include "hv/vmm/vtime.h"
#include "mm/p2m.h"
#include "mm/shadow.h"

enum guest_end {
	GUEST_RUNS,
	GUEST_OFF,
	GUEST_RESTART,
	GUEST_KILLED,
};

#define GUEST_TEXT_MAX 240

struct guest {
	struct machine *machine;
	const struct guest_modules *modules;
	struct p2m p2m;
	u32 mem_frames; /* RAM that the guest is told of */
	struct mmu_ctx mmu;
	struct shadow shadow;
	struct vcpu vcpu;
	struct board board;
	struct console_output output;
	struct stats stats;
	struct exit_log exit_log;
	struct virq virq;
	struct vtime time;

	/*
	 * The area shared with the guest, at two consecutive pages of our
	 * own; NULL before LGUEST_INIT. Both sides write: read once, judge
	 * the copy.
	 */
	volatile struct lguest_data *lg;
	void *lg_window;
	bool is_old_layout; /* of a guest from before 4.0 */

	/*
	 * Where no interrupt may be pushed: at noirq_iret, and from
	 * noirq_start on (old guests; else the same).
	 */
	u32 noirq_start, noirq_iret;
	u32 ring_next; /* slot of the call ring to be served next */
	u32 flushes;   /* FLUSH_TLB calls, to sample them */
	u64 audit_at;  /* no audit of everything before: hv/vmm/audit.c */

	enum guest_end end;
	bool restart_asked; /* by a key, after that */
	bool is_native; /* it took the machine for a bare PC */
	char end_text[GUEST_TEXT_MAX];
	struct load load;
};

/*
 * A guest for @modules on @p, with @ram_frames of memory. Returns NULL when
 * memory does not suffice.
 */
struct guest *guest_create(struct machine *m, struct pcpu *p,
			   const struct guest_modules *modules, u32 ram_frames);

/*
 * Zero the guest's memory, load its kernel, and put everything to the state
 * of its first instruction. Returns NULL, or why it cannot be started.
 */
const char *guest_reset(struct guest *g);

/*
 * The guest broke its contract: it ends, with this reason. The first reason
 * is kept. The caller returns at once; the run loop notices.
 */
void guest_kill(struct guest *g, const char *fmt, ...) __printf(2, 3);

/* The guest, or somebody for it, wants it restarted, for this reason. */
void guest_restart(struct guest *g, const char *why);
