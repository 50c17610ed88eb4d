// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * In place of hv/start.c: every module is the kernel of a guest of its own, and
 * all guests run in turn on one processor, a short while each.
 *
 * No feature of Umbra's: it shows that a guest's state is its own. What ends a
 * turn is the callback that keys use. Turns are of many lengths, so that they
 * end anywhere.
 */
#include "hv/start.h"

#include <string.h>

#include "arch/x86/clock.h"
#include "hv/lib/log.h"
#include "hv/load/places.h"
#include "hv/pc/memory.h"
#include "hv/report/report.h"
#include "hv/ui/end_action.h"
#include "hv/ui/lifecycle.h"
#include "hv/vmm/guest.h"
#include "hv/vmm/run.h"

#define GUESTS	    2
#define TURN_MIN_NS 8000u
#define TURN_MAX_NS 60000u
#define TURN_STEP   1009u

/* A word on a guest's command line: watch accesses to this address. */
#define WATCH_WORD    "watched"
#define WATCH_ADDRESS 0x40000800u
#define WATCH_DR7     0x000f0402u /* DR0, reads and writes, four bytes */

static struct boot_info infos[GUESTS]; /* modules[] points there */
static struct guest_modules modules[GUESTS];
static struct guest *guests[GUESTS];
static struct guest *running;
static bool is_over; /* the turn */

/* The run loop takes it for an end, which take_turn() undoes. */
static void end_turn(void)
{
	if (running->end == GUEST_RUNS) {
		running->end = GUEST_OFF;
		is_over = true;
	}
}

static void take_turn(struct guest *g, u32 ns)
{
	running = g;
	is_over = false;
	vtime_call_at(&g->time, clock_now_ns() + ns, end_turn);
	run_guest(g);
	if (is_over) {
		g->end = GUEST_RUNS;
	}
}

static const char *make(struct machine *m, struct pcpu *p,
			const struct boot_info *info, u32 n, u32 frames)
{
	struct boot_info *one = &infos[n];
	const char *error;

	*one = *info;
	one->module[0] = info->module[n];
	one->module_count = 1;
	error = modules_assign(one, &modules[n]);
	if (!error) {
		error = places_map(&info->map, &m->map, &modules[n]);
	}
	if (error) {
		return error;
	}
	guests[n] = guest_create(m, p, &modules[n], frames);
	if (!guests[n]) {
		return "no memory";
	}
	error = guest_reset(guests[n]);
	if (!error && strstr(modules[n].kernel.args, WATCH_WORD)) {
		guests[n]->vcpu.dr0 = WATCH_ADDRESS;
		guests[n]->vcpu.dr7 = WATCH_DR7;
	}
	return error;
}

void start_guest(struct machine *m, struct pcpu *p, struct boot_info *info)
{
	const char *error = NULL;
	u32 frames = 0, turn_ns = TURN_MIN_NS, left = GUESTS, turns = 0;

	if (info->module_count != GUESTS) {
		error = "not two modules";
	}
	if (!error) {
		error = memory_guest_frames(m, info, ~0ull, &frames);
	}
	for (u32 i = 0; i < GUESTS && !error; i++) {
		error = make(m, p, info, i, frames / GUESTS);
	}
	if (error) {
		lifecycle_cannot_start(m, error);
	}
	while (left) {
		struct guest *g = guests[turns++ % GUESTS];

		if (g->end != GUEST_RUNS) {
			continue;
		}
		take_turn(g, turn_ns);
		turn_ns += TURN_STEP;
		if (turn_ns > TURN_MAX_NS) {
			turn_ns -= TURN_MAX_NS - TURN_MIN_NS;
		}
		if (g->end != GUEST_RUNS) {
			report_end(g);
			left--;
		}
	}
	log_info("%u turns", turns);
	end_act(m, END_EXIT, VERDICT_OFF);
	for (;;) {
	}
}
