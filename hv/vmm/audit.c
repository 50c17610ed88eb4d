/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Audits of the shadows: at exits for what must always hold, at flushes for
 * what holds right behind one.
 *
 * I1  The guest gets on. A look at everything may take longer than from one
 *     tick of its clock to the next; after one that took long the guest has as
 *     much time to itself.
 *
 * A broken invariant of the shadow is ours, whatever the guest did.
 *
 * Next: mm/audit.c.
 */
#include "hv/vmm/audit.h"

#include "arch/x86/clock.h"
#include "hv/lib/log.h"
#include "hv/lib/panic.h"

/* From one look at a part to the next. */
#define SAMPLE_EXITS   4096
#define SAMPLE_FLUSHES 1024u

/* What is shorter than this keeps no guest from getting on. */
#define SHORT_NS 100000u

u32 audit_period(const struct guest *g)
{
	switch (g->machine->options.audit) {
	case AUDIT_FULL:
		return 1;
	case AUDIT_SAMPLE:
		return SAMPLE_EXITS;
	default:
		return 0;
	}
}

/* Has begun at @start, and is over. */
static void give_way(struct guest *g, u64 start)
{
	u64 now = clock_now_ns();

	g->audit_at = now - start > SHORT_NS ? now + (now - start) : 0;
}

static void check(const char *why)
{
	if (why) {
		panic("shadow audit: %s", why);
	}
}

void audit_exit(struct guest *g)
{
	u64 now;

	if (g->machine->options.audit != AUDIT_FULL) {
		check(sh_audit_some(&g->shadow));
		return;
	}
	now = clock_now_ns();
	if (now >= g->audit_at) {
		check(sh_audit(&g->shadow));
		give_way(g, now);
	}
}

static __attribute__((noinline)) void look_at_flushed(struct guest *g,
						      bool with_kernel)
{
	u64 now = clock_now_ns();
	u32 different;

	if (now < g->audit_at) {
		return;
	}
	different = sh_audit_flushed(&g->shadow, with_kernel);
	if (different && g->shadow.stats.repaired == different) {
		log_warn("shadow audit: %u entries differed after a flush; "
			 "repaired, and counted from now on",
			 different);
	}
	give_way(g, now);
}

void audit_flush(struct guest *g, bool with_kernel)
{
	enum audit_mode mode = g->machine->options.audit;

	if (mode == AUDIT_OFF) {
		return;
	}
	if (++g->flushes % SAMPLE_FLUSHES == 0 || mode == AUDIT_FULL) {
		look_at_flushed(g, with_kernel);
	}
}
