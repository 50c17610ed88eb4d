/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guest's starts and restarts. After a crash the restart may be delayed: a
 * guest that crashes at once would otherwise flood the screen and its peers.
 *
 * The pause is FIRST_PAUSE_S, and doubles after each further crash in a row;
 * after RESTARTS_MAX restarts in a row the guest is not restarted. A row ends
 * when the guest has run for LONG_LIFE_NS, or has ended otherwise than by a
 * crash.
 *
 * Next: hv/vmm/run.c, hv/ui/end_action.c.
 */
#include "hv/ui/lifecycle.h"

#include "arch/x86/clock.h"
#include "arch/x86/timer.h"
#include "hv/lib/log.h"
#include "hv/lib/panic.h"
#include "hv/pc/consoles.h"
#include "hv/report/report.h"
#include "hv/ui/end_action.h"
#include "hv/ui/keys.h"
#include "hv/vmm/run.h"

#define RESTARTS_MAX  5
#define FIRST_PAUSE_S 1u
#define LONG_LIFE_NS  (60 * (u64)NS_PER_S)

void lifecycle_cannot_start(struct machine *m, const char *why)
{
	const struct options *o = &m->options;

	log_error("cannot start guest: %s", why);
	if (o->stats) {
		log_info("no statistics: no guest ran");
	}
	/* Another attempt would end in the same way. */
	keys_detach(m);
	end_act(m, o->on_crash == END_RESTART ? END_HALT : o->on_crash,
		VERDICT_NO_START);
	panic("end_act returned");
}

static void pause_for(const struct guest *g, u32 sec)
{
	u64 end = clock_now_ns() + sec * (u64)NS_PER_S;

	timer_set_handler(NULL, NULL);
	for (;;) {
		u64 now = clock_now_ns();

		if (now >= end || g->restart_asked) {
			return;
		}
		timer_arm_ns(end - now);
		keys_wait();
	}
}

static void restart_after_crash(struct guest *g, u32 crashes)
{
	u32 sec = FIRST_PAUSE_S << (crashes - 1);

	if (crashes > RESTARTS_MAX) {
		log_error("%u crashes in a row: giving up", crashes);
		end_act(g->machine, END_HALT, VERDICT_KILLED);
		return;
	}
	log_info("restarting the guest in %u s, crash %u of %u", sec, crashes,
		 RESTARTS_MAX);
	pause_for(g, sec);
}

/* What follows the end of a run. Returns when the guest is to be restarted. */
static void after_end(struct guest *g, u32 *crashes)
{
	const struct options *o = &g->machine->options;

	switch (g->end) {
	case GUEST_OFF:
		end_act(g->machine, o->on_off, VERDICT_OFF);
		break;
	case GUEST_RESTART:
		end_act(g->machine, o->on_restart, VERDICT_RESTARTED);
		break;
	default:
		++*crashes;
		end_act(g->machine, o->on_crash, VERDICT_KILLED);
		if (o->on_crash == END_RESTART) {
			restart_after_crash(g, *crashes);
		}
		break;
	}
	if (g->end == GUEST_RESTART || g->restart_asked) {
		*crashes = 0;
		log_info("restarting the guest");
	}
}

void lifecycle_run(struct guest *g)
{
	u32 crashes = 0;

	for (;;) {
		const char *error;
		u64 start;

		log_debug("boot: guest image");
		error = guest_reset(g);
		if (error) {
			lifecycle_cannot_start(g->machine, error);
		}
		log_debug("boot: first entry into the guest");
		keys_attach(g, consoles_have_input());
		consoles_look();
		start = clock_now_ns();
		run_guest(g);
		if (clock_now_ns() - start >= LONG_LIFE_NS) {
			crashes = 0;
		}
		report_end(g);
		after_end(g, &crashes);
	}
}
