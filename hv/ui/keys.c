/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ctrl-] and a key: what Umbra does for the user at the console.
 *
 * Keys are recognised when they arrive, not when the guest reads them, so
 * that they work while the guest reads nothing. They act at once: input arrives
 * only while the guest is not running. The run loop checks afterwards whether a
 * key has ended the guest.
 *
 * I1  Every source has a state of its own: text pasted into one of them does
 *     not come between the two keys of another.
 * I2  Answers to keys are printed at every log level.
 *
 * Keys still work when the guest has ended and the machine is halted.
 *
 * Next: hv/pc/consoles.c, from where keys come; hv/report/report.c.
 */
#include "hv/ui/keys.h"

#include "arch/x86/clock.h"
#include "arch/x86/cpu.h"
#include "arch/x86/timer.h"
#include "hv/lib/console.h"
#include "hv/lib/log.h"
#include "hv/pc/consoles.h"
#include "hv/pc/memory.h"
#include "hv/report/report.h"
#include "hv/vmm/guest.h"

#define KEY_ESCAPE  0x1d /* Ctrl-] */
#define KEY_KILL    'k'
#define KEY_RESTART 'b'

/* How long an answer waits for the end of the guest's unfinished line. */
#define PATIENCE_NS 100000000u

/* This state belongs to the console and its user, not to a guest. */

static bool has_hinted;

/* The last key was Ctrl-]. */
static bool is_escaped[CONSOLES_SOURCES];

static struct {
	u8 key;
	bool waits; /* for its answer */
} asked;

static void help(struct guest *g);

static void memory_owners(struct guest *g)
{
	memory_log_frames(g->machine, LOG_ALWAYS);
}

/* The rest of its output is dropped: it could take minutes to print. */
static void kill_guest(struct guest *g)
{
	if (g->end != GUEST_RUNS) {
		log_always("the guest has ended already");
		return;
	}
	guest_kill(g, "by Ctrl-] k");
	g->output.is_mute = true;
}

static void restart_guest(struct guest *g)
{
	if (g->end != GUEST_RUNS) {
		g->restart_asked = true;
		return;
	}
	guest_restart(g, "by Ctrl-] b");
	g->output.is_mute = true;
}

static const struct {
	u8 key;
	const char *name; /* what it does */
	void (*act)(struct guest *g);
} actions[] = {
	{ 'h', "this list", help },
	{ 's', "statistics", report_stats },
	{ 'r', "the guest's registers and back trace", report_now },
	{ 't', "its last exits", report_exits },
	{ 'm', "who owns the memory", memory_owners },
	{ KEY_KILL, "kill the guest, with a report", kill_guest },
	{ KEY_RESTART, "restart the guest", restart_guest },
};

static void help(struct guest *g)
{
	(void)g;
	log_always("after Ctrl-]:");
	for (u32 i = 0; i < ARRAY_SIZE(actions); i++) {
		log_always("  %c  %s", actions[i].key, actions[i].name);
	}
	log_always("  Ctrl-]  that character, for the guest");
}

static void answer(void *machine)
{
	struct guest *g = ((struct machine *)machine)->focus;

	asked.waits = false;
	for (u32 i = 0; i < ARRAY_SIZE(actions); i++) {
		if (actions[i].key != asked.key) {
			continue;
		}
		if (g || actions[i].act == help) {
			actions[i].act(g);
		} else {
			log_always("there is no guest");
		}
		return;
	}
	log_always("no such key; Ctrl-] h for help");
}

/* Keys that end the guest do not wait for the end of its line. */
static void ask(struct machine *m, u8 key)
{
	/* A user who types has read the report on the screen. */
	console_unpin();
	/* An earlier answer that still waits is printed now. */
	console_end_wait();
	asked.key = key;
	asked.waits = true;
	console_at_line_end(answer, m);
	if (key == KEY_KILL || key == KEY_RESTART) {
		console_end_wait();
	}
	if (asked.waits && m->focus) {
		vtime_call_at(&m->focus->time, clock_now_ns() + PATIENCE_NS,
			      console_end_wait);
	}
}

void keys_typed(void *machine, u32 source, const u8 *bytes, u32 len)
{
	bool is_escape = len == 1 && bytes[0] == KEY_ESCAPE;

	if (is_escape != is_escaped[source]) {
		is_escaped[source] = is_escape;
		if (!is_escape) {
			ask(machine, bytes[0]);
		}
		return;
	}
	/* An ordinary key, or the second Ctrl-] in a row. */
	is_escaped[source] = false;
	for (u32 i = 0; i < len; i++) {
		console_input(bytes[i]);
	}
}

/* Bounded, because a sender may never pause. */
static void drop_typed(void)
{
	u8 byte;

	for (u32 i = 0; i < CONSOLE_INPUT_MAX && console_read(&byte); i++) {
	}
}

void keys_wait(void)
{
	if (!console_has_room()) {
		drop_typed();
	}
	if (consoles_resume()) {
		timer_wait();
	} else {
		consoles_look();
	}
}

void keys_stand_by(struct machine *m)
{
	bool has_input = consoles_have_input();

	/* The guest prints nothing more. */
	console_end_wait();
	if (has_input) {
		log_info("%sCtrl-] h for help",
			 m->focus ? "Ctrl-] b starts the guest again, " : "");
	}
	log_info("halted");
	if (!has_input) {
		cpu_halt_forever();
	}
	timer_cancel();
	consoles_look();
	while (!m->focus || !m->focus->restart_asked) {
		/* Drop other keys: there is no guest to read them. */
		drop_typed();
		keys_wait();
	}
}

void keys_attach(struct guest *g, bool has_input)
{
	if (!has_hinted && has_input) {
		log_info("Ctrl-] h for help");
	}
	has_hinted = true;
	g->restart_asked = false;
	g->machine->focus = g;
	console_unpin();
	g->output.is_mute = false;
}

void keys_detach(struct machine *m)
{
	m->focus = NULL;
}
